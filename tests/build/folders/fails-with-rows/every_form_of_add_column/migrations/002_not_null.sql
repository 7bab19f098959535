BEGIN;
ALTER TABLE t002 ADD COLUMN c TEXT NOT NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'not_null');
COMMIT;
