-- SQLite's own recipe.
PRAGMA foreign_keys = OFF;
BEGIN;
PRAGMA defer_foreign_keys = OFF;
CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');
INSERT INTO parent_new (id, name) SELECT id, coalesce(name, '') FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
-- For whoever runs this by hand.
PRAGMA foreign_keys = ON;
