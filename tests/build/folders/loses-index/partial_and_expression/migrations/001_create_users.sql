BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, gone INTEGER);
CREATE UNIQUE INDEX users_present ON users (name) WHERE gone IS NULL;
CREATE INDEX users_lower ON users (lower(name));
CREATE INDEX users_name ON users (name);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
