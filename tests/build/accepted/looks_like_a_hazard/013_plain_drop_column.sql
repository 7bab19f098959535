BEGIN;
ALTER TABLE events ADD COLUMN extra TEXT;
ALTER TABLE events DROP COLUMN extra;
INSERT INTO schema_migrations (version, name) VALUES ('013', 'plain_drop_column');
COMMIT;
