BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY CHECK (id = 1), theme TEXT NOT NULL);
INSERT INTO new (id, theme) SELECT id, theme FROM settings;
DROP TABLE settings;
ALTER TABLE new RENAME TO settings;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_a_theme');
COMMIT;
