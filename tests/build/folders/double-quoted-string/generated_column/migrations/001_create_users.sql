BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, greeting TEXT AS ("hello " || name));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
