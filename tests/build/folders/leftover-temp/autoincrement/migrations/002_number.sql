BEGIN;
CREATE TEMP TABLE numbered (number INTEGER PRIMARY KEY AUTOINCREMENT, note INTEGER NOT NULL);
INSERT INTO numbered (note) SELECT id FROM notes;
DROP TABLE numbered;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'number');
COMMIT;
