CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
BEGIN;
CREATE INDEX by_email ON users (email);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
