BEGIN;
ALTER TABLE users DROP COLUMN bio;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'no_bio');
COMMIT;
