BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
CREATE INDEX users_name ON users (name);
CREATE UNIQUE INDEX users_email ON users (email);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
