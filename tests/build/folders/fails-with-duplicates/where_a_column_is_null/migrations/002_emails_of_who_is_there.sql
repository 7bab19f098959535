BEGIN;
CREATE UNIQUE INDEX users_email ON users (email) WHERE deleted_at IS NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'emails_of_who_is_there');
COMMIT;
