BEGIN;
ALTER TABLE users RENAME TO users_backup;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO users (id, name) SELECT id, coalesce(name, '') FROM users_backup;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
