PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE authors_new (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO authors_new (id, name) SELECT row_number() OVER (ORDER BY id), name FROM authors;
DROP TABLE authors;
ALTER TABLE authors_new RENAME TO authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'number_anew');
COMMIT;
PRAGMA foreign_keys = ON;
