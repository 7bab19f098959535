BEGIN;
ALTER TABLE users ADD COLUMN bio TEXT;
ALTER TABLE users ADD COLUMN bio TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'bio');
COMMIT;
