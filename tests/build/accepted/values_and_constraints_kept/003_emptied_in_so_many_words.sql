BEGIN;
CREATE TABLE recipes_new (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, steps TEXT, servings INTEGER NOT NULL DEFAULT 2 CHECK (servings > 0), author INTEGER REFERENCES authors ON DELETE CASCADE, rating INTEGER CHECK (rating BETWEEN 1 AND 99999));
INSERT INTO recipes_new (id, title, steps, servings, author, rating) SELECT id, title, NULL, servings, author, rating FROM recipes;
DROP TABLE recipes;
ALTER TABLE recipes_new RENAME TO recipes;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'emptied_in_so_many_words');
COMMIT;
