BEGIN;
ALTER TABLE t007 ADD COLUMN c INTEGER NOT NULL DEFAULT 1 REFERENCES parents;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'references_not_null_with_default');
COMMIT;
