BEGIN;
ALTER TABLE recipes RENAME TO recipes_old;
CREATE TABLE recipes (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, steps TEXT, servings INTEGER NOT NULL DEFAULT 2 CHECK (servings > 0), author INTEGER REFERENCES authors ON DELETE CASCADE, rating INTEGER CHECK (rating BETWEEN 1 AND 99999));
INSERT INTO recipes (id, title, servings) SELECT id, title, servings FROM recipes_old;
UPDATE recipes SET (steps, rating) = (SELECT steps, rating FROM recipes_old AS old WHERE old.id = recipes.id), author = (SELECT author FROM recipes_old AS old WHERE old.id = recipes.id);
DROP TABLE recipes_old;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'filled_afterwards');
COMMIT;
