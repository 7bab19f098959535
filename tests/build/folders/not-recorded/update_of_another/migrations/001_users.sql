BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
UPDATE schema_migrations SET name = 'start' WHERE version = '000';
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
