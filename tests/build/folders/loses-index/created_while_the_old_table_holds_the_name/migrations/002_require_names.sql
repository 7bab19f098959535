BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);
CREATE INDEX IF NOT EXISTS users_name ON users_new (name);
CREATE UNIQUE INDEX IF NOT EXISTS users_email ON users_new (email);
INSERT INTO users_new (id, name, email) SELECT id, coalesce(name, ''), email FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
