-- migrate: allow(fails-with-nulls): every film has a title
-- migrate: allow(loses-constraint): the application checks it
-- migrate: allow(loses-values): the directors are read in again
BEGIN;
CREATE TABLE films_new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, director TEXT);
INSERT INTO films_new (id, title) SELECT id, title FROM films;
DROP TABLE films;
ALTER TABLE films_new RENAME TO films;
INSERT INTO schema_migrations (version, name) VALUES ('011', 'rebuild_films');
COMMIT;
