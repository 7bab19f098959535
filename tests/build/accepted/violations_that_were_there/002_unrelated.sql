PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE films_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO films_new (id, name) SELECT id, coalesce(name, '') FROM films;
DROP TABLE films;
ALTER TABLE films_new RENAME TO films;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'unrelated');
COMMIT;
PRAGMA foreign_keys = ON;
