BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
