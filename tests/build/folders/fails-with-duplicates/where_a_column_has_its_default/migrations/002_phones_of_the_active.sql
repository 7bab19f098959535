BEGIN;
CREATE UNIQUE INDEX users_phone ON users (phone) WHERE state = 'active';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'phones_of_the_active');
COMMIT;
