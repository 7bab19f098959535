BEGIN;
ALTER TABLE t013 ADD COLUMN c INTEGER AS (a - a) CHECK (c > 0);
INSERT INTO schema_migrations (version, name) VALUES ('013', 'generated_check');
COMMIT;
