BEGIN;
ALTER TABLE t005 ADD COLUMN c INTEGER DEFAULT (1 + 1);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'expression');
COMMIT;
