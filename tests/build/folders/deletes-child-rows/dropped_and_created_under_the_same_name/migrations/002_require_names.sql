BEGIN;
CREATE TEMP TABLE kept AS SELECT id, name FROM authors;
DROP TABLE authors;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors (id, name) SELECT id, coalesce(name, '') FROM kept;
DROP TABLE kept;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
