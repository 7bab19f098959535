BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX users_name ON users (name);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
