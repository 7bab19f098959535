BEGIN;
ALTER TABLE books ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
UPDATE books SET pages = length(coalesce(body, ''));
DELETE FROM search WHERE rowid % 7 = 0;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'add_pages');
COMMIT;
