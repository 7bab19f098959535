BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
INSERT OR IGNORE INTO new (id, title) SELECT id, title FROM notes;
DROP TABLE notes;
ALTER TABLE new RENAME TO notes;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_titles');
COMMIT;
