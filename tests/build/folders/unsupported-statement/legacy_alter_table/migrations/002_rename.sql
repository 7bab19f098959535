PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
BEGIN;
ALTER TABLE users RENAME TO people;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rename');
COMMIT;
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_keys = ON;
