BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
