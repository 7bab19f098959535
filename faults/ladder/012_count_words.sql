BEGIN;
ALTER TABLE books ADD COLUMN words INTEGER;

SELECT migrate_step('count_words');

CREATE INDEX books_by_words ON books (words);
INSERT INTO schema_migrations (version, name) VALUES ('012', 'count_words');
COMMIT;
