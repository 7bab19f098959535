BEGIN;
CREATE TABLE photos_new (id INTEGER PRIMARY KEY, album INTEGER REFERENCES albums (id) ON DELETE CASCADE);
INSERT INTO photos_new SELECT id, album FROM photos;
DROP TABLE photos;
ALTER TABLE photos_new RENAME TO photos;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild_photos');
COMMIT;
