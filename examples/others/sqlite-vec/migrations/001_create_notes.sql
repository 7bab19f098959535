BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE VIRTUAL TABLE note_vectors USING vec0 (note INTEGER PRIMARY KEY, embedding float[3]);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
