BEGIN;
CREATE TABLE rooms_new (id INTEGER PRIMARY KEY, floor TEXT NOT NULL, door TEXT NOT NULL, UNIQUE (floor, door));
INSERT INTO rooms_new SELECT id, floor, door FROM rooms;
DROP TABLE rooms;
ALTER TABLE rooms_new RENAME TO rooms;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'by_a_unique_constraint');
COMMIT;
