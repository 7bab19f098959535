BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
