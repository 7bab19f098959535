BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, deleted_at TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
