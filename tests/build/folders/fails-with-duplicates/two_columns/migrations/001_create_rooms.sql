BEGIN;
CREATE TABLE rooms (id INTEGER PRIMARY KEY, floor INTEGER NOT NULL, number INTEGER NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_rooms');
COMMIT;
