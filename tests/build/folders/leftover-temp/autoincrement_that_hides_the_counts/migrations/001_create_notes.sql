BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);
INSERT INTO notes (body) VALUES ('first');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
