BEGIN;
CREATE TABLE tiles (number INTEGER, picture BLOB NOT NULL);
CREATE INDEX tiles_number ON tiles (number);
CREATE TABLE maps (number INTEGER, picture BLOB NOT NULL);
CREATE UNIQUE INDEX maps_number ON maps (number);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'create_tiles');
COMMIT;
