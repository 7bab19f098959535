PRAGMA foreign_keys = OFF;
BEGIN;
DELETE FROM authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'delete');
COMMIT;
PRAGMA foreign_keys = ON;
