BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY, words INTEGER);
CREATE INDEX notes_words ON notes (words);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
