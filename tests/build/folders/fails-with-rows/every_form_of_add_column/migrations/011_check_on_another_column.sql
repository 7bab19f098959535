BEGIN;
ALTER TABLE t011 ADD COLUMN c INTEGER CHECK (a IS NULL);
INSERT INTO schema_migrations (version, name) VALUES ('011', 'check_on_another_column');
COMMIT;
