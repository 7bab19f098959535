BEGIN;
ALTER TABLE notes ADD COLUMN title TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_title');
COMMIT;
