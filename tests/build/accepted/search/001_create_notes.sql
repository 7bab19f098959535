BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE search USING fts5 (title, body, content = 'notes', content_rowid = 'id');
CREATE TRIGGER notes_inserted AFTER INSERT ON notes BEGIN INSERT INTO search (rowid, title, body) VALUES (new.id, new.title, new.body); END;
CREATE TRIGGER notes_deleted AFTER DELETE ON notes BEGIN INSERT INTO search (search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END;
CREATE TRIGGER notes_updated AFTER UPDATE ON notes BEGIN INSERT INTO search (search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); INSERT INTO search (rowid, title, body) VALUES (new.id, new.title, new.body); END;
INSERT INTO notes VALUES (1, 'first', 'note');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
