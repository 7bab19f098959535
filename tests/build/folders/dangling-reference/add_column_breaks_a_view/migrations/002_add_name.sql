BEGIN;
ALTER TABLE teams ADD COLUMN name TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_name');
COMMIT;
