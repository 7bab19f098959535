BEGIN;
CREATE TABLE tiles_new (number INTEGER PRIMARY KEY, picture BLOB NOT NULL);
INSERT INTO tiles_new (number, picture) SELECT number, picture FROM tiles WHERE number IS NOT NULL;
DROP TABLE tiles;
ALTER TABLE tiles_new RENAME TO tiles;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'number_as_key');
COMMIT;
