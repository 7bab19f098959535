BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO users (name) VALUES (:name);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
