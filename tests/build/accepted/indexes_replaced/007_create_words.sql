BEGIN;
CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE INDEX words_word ON words (word);
INSERT INTO schema_migrations (version, name) VALUES ('007', 'create_words');
COMMIT;
