BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE settings (id INTEGER PRIMARY KEY, name TEXT, value TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
