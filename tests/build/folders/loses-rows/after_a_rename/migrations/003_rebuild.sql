BEGIN;
CREATE TABLE trees_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
DROP TABLE trees;
ALTER TABLE trees_new RENAME TO trees;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rebuild');
COMMIT;
