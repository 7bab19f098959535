BEGIN;
CREATE TABLE recipes_new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, steps TEXT, servings INTEGER);
INSERT INTO recipes_new (id, title) SELECT id, title FROM recipes;
DROP TABLE recipes;
ALTER TABLE recipes_new RENAME TO recipes;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_servings');
COMMIT;
