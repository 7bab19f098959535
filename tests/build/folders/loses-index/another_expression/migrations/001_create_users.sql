BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
CREATE INDEX users_lower_name ON users (lower(name));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
