BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT CHECK (typeof(title) = 'text'));
INSERT INTO new (id, title) SELECT id, title FROM notes;
DROP TABLE notes;
ALTER TABLE new RENAME TO notes;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'titles_are_text');
COMMIT;
