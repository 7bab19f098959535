BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT DEFAULT (?));
INSERT INTO users (id) VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
