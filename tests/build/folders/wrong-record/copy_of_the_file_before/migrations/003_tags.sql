BEGIN;
ALTER TABLE posts ADD COLUMN tag TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'tags');
COMMIT;
