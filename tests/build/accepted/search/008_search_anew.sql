BEGIN;
CREATE VIRTUAL TABLE search USING fts5 (title, body, content = '', contentless_delete = 1);
INSERT INTO search (rowid, title, body) SELECT id, title, body FROM notes;
INSERT INTO schema_migrations (version, name) VALUES ('008', 'search_anew');
COMMIT;
