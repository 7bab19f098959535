BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TABLE posts (user INTEGER REFERENCES users);
INSERT INTO posts VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
