BEGIN;
CREATE TABLE parent_new (id INTEGER PRIMARY KEY);
INSERT INTO parent_new SELECT id FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
