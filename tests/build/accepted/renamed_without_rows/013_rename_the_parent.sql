BEGIN;
ALTER TABLE routes RENAME TO lines;
INSERT INTO schema_migrations (version, name) VALUES ('013', 'rename_the_parent');
COMMIT;
