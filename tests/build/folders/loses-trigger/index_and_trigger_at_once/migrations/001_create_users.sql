BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX users_name ON users (name);
CREATE TRIGGER users_kept BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'kept'); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
