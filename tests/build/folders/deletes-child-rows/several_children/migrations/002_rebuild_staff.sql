BEGIN;
CREATE TABLE staff_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born TEXT);
INSERT INTO staff_new (id, name) SELECT id, name FROM staff;
DROP TABLE staff;
ALTER TABLE staff_new RENAME TO staff;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild_staff');
COMMIT;
