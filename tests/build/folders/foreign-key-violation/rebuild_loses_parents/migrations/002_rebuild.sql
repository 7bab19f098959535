PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO parent_new (id) SELECT id FROM parent WHERE id > 2;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
PRAGMA foreign_keys = ON;
