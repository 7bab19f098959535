BEGIN;
CREATE TABLE albums_new (id INTEGER PRIMARY KEY, cover INTEGER REFERENCES photos (id) ON DELETE SET NULL);
INSERT INTO albums_new SELECT id, cover FROM albums;
DROP TABLE albums;
ALTER TABLE albums_new RENAME TO albums;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rebuild_albums');
COMMIT;
