BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, password TEXT NOT NULL, hash TEXT);
CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
