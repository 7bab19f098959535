BEGIN;
CREATE TEMP TABLE a (id);
CREATE TABLE temp.b (id);
DROP TABLE a;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
