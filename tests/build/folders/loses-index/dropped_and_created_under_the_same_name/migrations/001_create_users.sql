BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX "users by name" ON users (name COLLATE NOCASE DESC);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
