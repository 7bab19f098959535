BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TEMP TABLE scratch (id);
INSERT INTO scratch VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
