BEGIN;
ALTER TABLE t012 ADD COLUMN c TEXT NOT NULL AS (nullif(id, id)) VIRTUAL;
INSERT INTO schema_migrations (version, name) VALUES ('012', 'generated_not_null');
COMMIT;
