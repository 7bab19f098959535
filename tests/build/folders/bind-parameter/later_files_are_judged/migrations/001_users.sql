BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO users (name) VALUES (?1);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
