BEGIN;
CREATE TABLE trees_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent INTEGER REFERENCES trees_new ON DELETE CASCADE);
INSERT INTO trees_new (id, name, parent) SELECT id, coalesce(name, ''), parent FROM trees;
DROP TABLE trees;
ALTER TABLE trees_new RENAME TO trees;
INSERT INTO schema_migrations (version, name) VALUES ('010', 'rebuild_trees_with_foreign_keys_on');
COMMIT;
