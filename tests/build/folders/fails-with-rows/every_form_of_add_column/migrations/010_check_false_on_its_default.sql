BEGIN;
ALTER TABLE t010 ADD COLUMN c INTEGER DEFAULT 0 CHECK (c > 0);
INSERT INTO schema_migrations (version, name) VALUES ('010', 'check_false_on_its_default');
COMMIT;
