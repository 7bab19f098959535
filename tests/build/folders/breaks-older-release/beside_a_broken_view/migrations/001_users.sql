BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, bio TEXT);
PRAGMA user_version = 1;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
