BEGIN;
ALTER TABLE t004 ADD COLUMN c TEXT DEFAULT CURRENT_TIMESTAMP;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'current_timestamp');
COMMIT;
