BEGIN;
CREATE TABLE cooks (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO cooks (id, name) SELECT id, name FROM authors;
CREATE TABLE recipes_new (id INTEGER PRIMARY KEY, title TEXT UNIQUE, steps TEXT, servings INTEGER DEFAULT 2 CHECK (servings >= 1), author INTEGER REFERENCES cooks, rating INTEGER CHECK (rating > 0));
INSERT INTO recipes_new SELECT id, title, steps, servings, author, rating FROM recipes;
DROP TABLE recipes;
ALTER TABLE recipes_new RENAME TO recipes;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'another_parent');
COMMIT;
