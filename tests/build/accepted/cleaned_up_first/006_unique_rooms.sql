BEGIN;
DELETE FROM rooms WHERE EXISTS (SELECT 1 FROM rooms AS other WHERE other.floor = rooms.floor AND other.number = rooms.number AND other.id < rooms.id);
CREATE UNIQUE INDEX rooms_number ON rooms (floor, number);
INSERT INTO schema_migrations (version, name) VALUES ('006', 'unique_rooms');
COMMIT;
