BEGIN;
CREATE TEMP TABLE kept AS SELECT id, title FROM songs;
DROP TABLE songs;
CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT, singer TEXT, length INTEGER);
INSERT INTO songs (id, title) SELECT id, title FROM kept;
DROP TABLE kept;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
