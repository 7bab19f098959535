PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop');
COMMIT;
PRAGMA foreign_keys = ON;
