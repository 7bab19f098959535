BEGIN;
CREATE TABLE recipes_new (id INTEGER PRIMARY KEY, title TEXT UNIQUE, steps TEXT, servings INTEGER DEFAULT 2 CHECK (servings >= 1), author INTEGER REFERENCES authors ON DELETE SET NULL, rating INTEGER CHECK (rating > 0));
INSERT INTO recipes_new SELECT id, title, steps, servings, author, rating FROM recipes;
DROP TABLE recipes;
ALTER TABLE recipes_new RENAME TO recipes;
INSERT INTO schema_migrations (version, name) VALUES ('006', 'less_strict');
COMMIT;
