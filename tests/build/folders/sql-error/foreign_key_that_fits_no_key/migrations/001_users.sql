BEGIN;
CREATE TABLE users (email TEXT);
CREATE TABLE posts (author TEXT REFERENCES users (email));
INSERT INTO posts VALUES ('a');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
