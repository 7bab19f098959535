CREATE TABLE users (id INTEGER PRIMARY KEY);
BEGIN;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
