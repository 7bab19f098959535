BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
