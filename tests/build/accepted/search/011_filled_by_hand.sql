BEGIN;
CREATE VIRTUAL TABLE page_search USING fts5 (title, content = 'pages', content_rowid = 'id');
INSERT INTO page_search (rowid, title) SELECT id, title FROM pages;
CREATE TRIGGER pages_deleted AFTER DELETE ON pages BEGIN INSERT INTO page_search (page_search, rowid, title) VALUES ('delete', old.id, old.title); END;
CREATE TRIGGER pages_inserted AFTER INSERT ON pages BEGIN INSERT INTO page_search (rowid, title) VALUES (new.id, new.title); END;
INSERT INTO schema_migrations (version, name) VALUES ('011', 'filled_by_hand');
COMMIT;
