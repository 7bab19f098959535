PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE trees_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent INTEGER REFERENCES trees ON DELETE CASCADE);
INSERT INTO trees_new (id, name, parent) SELECT id, name, parent FROM trees;
DROP TABLE trees;
ALTER TABLE trees_new RENAME TO trees;
INSERT INTO schema_migrations (version, name) VALUES ('011', 'rebuild_trees_that_name_themselves');
COMMIT;
PRAGMA foreign_keys = ON;
