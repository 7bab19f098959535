BEGIN;
CREATE VIRTUAL TABLE note_search USING fts5 (title, body, content = 'note', content_rowid = 'id', tokenize = 'porter unicode61');
CREATE TRIGGER note_inserted AFTER INSERT ON note BEGIN
    INSERT INTO note_search (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER note_deleted AFTER DELETE ON note BEGIN
    INSERT INTO note_search (note_search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;
INSERT INTO note_search (note_search) VALUES ('rebuild');
INSERT INTO note (title, body) VALUES ('Soup', 'Boiling water, and salted');
DELETE FROM note WHERE title = 'Salt';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'create_search');
COMMIT;
