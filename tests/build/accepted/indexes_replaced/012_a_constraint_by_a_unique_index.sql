BEGIN;
CREATE TABLE shelves_new (id INTEGER PRIMARY KEY, room TEXT, row TEXT, colour TEXT);
INSERT INTO shelves_new (id, room, row) SELECT id, room, row FROM shelves;
DROP TABLE shelves;
ALTER TABLE shelves_new RENAME TO shelves;
CREATE UNIQUE INDEX shelves_room_row ON shelves (room, row);
INSERT INTO schema_migrations (version, name) VALUES ('012', 'a_constraint_by_a_unique_index');
COMMIT;
