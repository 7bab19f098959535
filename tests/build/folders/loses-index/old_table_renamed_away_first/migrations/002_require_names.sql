BEGIN;
ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO users (id, name) SELECT id, coalesce(name, '') FROM users_old;
CREATE INDEX IF NOT EXISTS users_name ON users (name);
DROP TABLE users_old;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
