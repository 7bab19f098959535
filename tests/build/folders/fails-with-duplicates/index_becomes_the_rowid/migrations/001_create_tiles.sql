BEGIN;
CREATE TABLE tiles (number INTEGER, picture BLOB NOT NULL);
CREATE INDEX tiles_number ON tiles (number);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tiles');
COMMIT;
