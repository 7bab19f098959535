BEGIN;
CREATE TABLE roots (id INTEGER PRIMARY KEY, n TEXT NOT NULL);
INSERT INTO roots (id) SELECT id FROM folders WHERE parent IS NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'roots');
COMMIT;
