-- examples/notes/002_count_words.sql
BEGIN;
ALTER TABLE notes ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
-- SQLite cannot tell words apart, so the notes that are there already are counted in Rust.
SELECT migrate_step('count_words');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'count_words');
COMMIT;
