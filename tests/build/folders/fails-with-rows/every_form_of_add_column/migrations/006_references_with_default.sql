BEGIN;
ALTER TABLE t006 ADD COLUMN c INTEGER DEFAULT 1 REFERENCES parents (id);
INSERT INTO schema_migrations (version, name) VALUES ('006', 'references_with_default');
COMMIT;
