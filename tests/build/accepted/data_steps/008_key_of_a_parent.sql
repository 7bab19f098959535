BEGIN;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO settings VALUES ('theme', 'light');
INSERT INTO schema_migrations (version, name) VALUES ('008', 'key_of_a_parent');
COMMIT;
