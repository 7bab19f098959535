BEGIN;
ALTER TABLE t008 ADD COLUMN c INTEGER AS (a) STORED;
INSERT INTO schema_migrations (version, name) VALUES ('008', 'stored');
COMMIT;
