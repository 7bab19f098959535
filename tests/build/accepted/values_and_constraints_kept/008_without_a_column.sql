BEGIN;
CREATE TABLE recipes_new (id INTEGER PRIMARY KEY, title TEXT, steps TEXT, servings INTEGER DEFAULT 2 CHECK (servings >= 1), author INTEGER, FOREIGN KEY (author) REFERENCES cooks (id));
INSERT INTO recipes_new SELECT id, title, steps, servings, author FROM recipes;
DROP TABLE recipes;
ALTER TABLE recipes_new RENAME TO recipes;
CREATE UNIQUE INDEX recipes_title ON recipes (title);
INSERT INTO schema_migrations (version, name) VALUES ('008', 'without_a_column');
COMMIT;
