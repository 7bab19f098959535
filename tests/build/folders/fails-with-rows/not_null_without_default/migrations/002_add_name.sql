BEGIN;
ALTER TABLE users ADD COLUMN name TEXT NOT NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_name');
COMMIT;
