BEGIN;
-- vec0 knows no ALTER TABLE.
CREATE VIRTUAL TABLE vectors USING vec0 (note INTEGER PRIMARY KEY, embedding float[3], language TEXT);
INSERT INTO vectors (note, embedding, language) SELECT note, embedding, 'en' FROM note_vectors;
DROP TABLE note_vectors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_language_to_vectors');
COMMIT;
