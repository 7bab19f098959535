BEGIN;
CREATE TEMP TABLE users (id);
CREATE TABLE main.users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
DROP TABLE temp.users;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
