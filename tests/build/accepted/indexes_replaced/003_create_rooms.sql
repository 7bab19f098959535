BEGIN;
CREATE TABLE rooms (id INTEGER PRIMARY KEY, floor TEXT NOT NULL, door TEXT NOT NULL);
CREATE UNIQUE INDEX rooms_door ON rooms (floor, door);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'create_rooms');
COMMIT;
