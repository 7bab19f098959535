PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new (version TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT);
INSERT INTO new (version, name) SELECT version, name FROM schema_migrations;
DROP TABLE schema_migrations;
ALTER TABLE new RENAME TO schema_migrations;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
PRAGMA foreign_keys = ON;
