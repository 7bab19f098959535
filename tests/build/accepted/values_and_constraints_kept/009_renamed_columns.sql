BEGIN;
CREATE TABLE recipes_new (id INTEGER PRIMARY KEY, title TEXT, steps TEXT, portions INTEGER DEFAULT 2 CHECK (portions >= 1), author INTEGER, FOREIGN KEY (author) REFERENCES cooks (id));
INSERT INTO recipes_new (id, title, steps, portions, author) SELECT id, title, steps, servings, author FROM recipes;
DROP TABLE recipes;
ALTER TABLE recipes_new RENAME TO recipes;
ALTER TABLE recipes RENAME COLUMN author TO cook;
CREATE UNIQUE INDEX recipes_title ON recipes (title);
INSERT INTO schema_migrations (version, name) VALUES ('009', 'renamed_columns');
COMMIT;
