BEGIN;
PRAGMA user_version = 2;
CREATE TEMP TABLE kept AS SELECT id, name FROM authors;
DROP TABLE authors;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO authors (id, name) SELECT id, name FROM kept;
DROP TABLE kept;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop_born');
COMMIT;
