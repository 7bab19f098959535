BEGIN;
CREATE TABLE notes_new (id INTEGER PRIMARY KEY, body TEXT NOT NULL, title TEXT NOT NULL);
INSERT INTO notes_new (id, body, title) SELECT id, body, coalesce(title, '') FROM notes;
DROP TABLE notes;
ALTER TABLE notes_new RENAME TO notes;
PRAGMA user_version = 3;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'require_title');
COMMIT;
