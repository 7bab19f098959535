BEGIN;
ALTER TABLE users ADD COLUMN bio TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_bio');
COMMIT;
