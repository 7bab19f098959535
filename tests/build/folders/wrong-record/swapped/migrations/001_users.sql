BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations (name, version) VALUES ('001', 'users');
COMMIT;
