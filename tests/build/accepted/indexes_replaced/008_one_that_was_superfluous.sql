BEGIN;
CREATE TABLE words_new (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, language TEXT);
INSERT INTO words_new SELECT id, word, NULL FROM words;
DROP TABLE words;
ALTER TABLE words_new RENAME TO words;
INSERT INTO schema_migrations (version, name) VALUES ('008', 'one_that_was_superfluous');
COMMIT;
