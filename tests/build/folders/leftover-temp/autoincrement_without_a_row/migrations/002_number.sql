BEGIN;
CREATE TEMPORARY TABLE numbered (number INTEGER PRIMARY KEY AUTOINCREMENT, note INTEGER NOT NULL);
DROP TABLE numbered;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'number');
COMMIT;
