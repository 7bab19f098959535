BEGIN;
DROP TABLE IF EXISTS users_new;
CREATE TABLE IF NOT EXISTS users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO users_new (id, name) SELECT id, name FROM users WHERE 0;
ALTER TABLE users RENAME TO users_old;
ALTER TABLE users_new RENAME TO users;
DROP TABLE users_old;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
