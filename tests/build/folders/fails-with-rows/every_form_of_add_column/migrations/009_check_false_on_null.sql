BEGIN;
ALTER TABLE t009 ADD COLUMN c TEXT CHECK (c IS NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('009', 'check_false_on_null');
COMMIT;
