BEGIN;
DROP VIEW report;
ALTER TABLE users DROP COLUMN bio;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'no_bio');
COMMIT;
