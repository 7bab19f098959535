BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users VALUES (1, 'a'), (2, 'a');
CREATE UNIQUE INDEX by_email ON users (email);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
