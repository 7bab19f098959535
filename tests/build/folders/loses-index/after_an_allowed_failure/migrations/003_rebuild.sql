BEGIN;
CREATE TABLE kinds_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, icon TEXT);
INSERT INTO kinds_new (id, name) SELECT id, name FROM kinds;
DROP TABLE kinds;
ALTER TABLE kinds_new RENAME TO kinds;
CREATE INDEX kinds_by_icon ON kinds (icon);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rebuild');
COMMIT;
