PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE parent;
CREATE TABLE parent (code TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
PRAGMA foreign_keys = ON;
