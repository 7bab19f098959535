BEGIN;
CREATE TEMP TABLE kept AS SELECT * FROM d WHERE title IS NOT NULL;
DROP TABLE d;
CREATE TABLE d (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
INSERT INTO d (id, title) SELECT id, title FROM kept;
DROP TABLE temp.kept;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'in_a_temporary_table');
COMMIT;
