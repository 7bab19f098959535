BEGIN;
CREATE TABLE users (email TEXT COLLATE unicase);
CREATE INDEX by_email ON users (email);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
