BEGIN;
DELETE FROM recipes;
DROP INDEX recipes_title;
DROP TABLE recipes;
CREATE TABLE recipes (id INTEGER PRIMARY KEY, title TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('010', 'another_table');
COMMIT;
