BEGIN;
ALTER TABLE users
    ADD COLUMN code TEXT UNIQUE;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'key');
COMMIT;
