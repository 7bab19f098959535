BEGIN;
ALTER TABLE t003 ADD COLUMN c TEXT NOT NULL DEFAULT NULL;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'not_null_default_null');
COMMIT;
