BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
COMMIT;
BEGIN;
CREATE INDEX i ON users (id);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
