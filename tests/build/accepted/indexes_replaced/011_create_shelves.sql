BEGIN;
CREATE TABLE shelves (id INTEGER PRIMARY KEY, room TEXT, row TEXT, UNIQUE (room, row));
INSERT INTO schema_migrations (version, name) VALUES ('011', 'create_shelves');
COMMIT;
