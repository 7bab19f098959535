BEGIN;
CREATE TABLE new AS SELECT * FROM b WHERE title IS NOT NULL;
DROP TABLE b;
CREATE TABLE b (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
INSERT INTO b (id, title) SELECT id, title FROM new;
DROP TABLE new;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'in_a_table_of_a_query');
COMMIT;
