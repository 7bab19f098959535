BEGIN;
ALTER TABLE sessions RENAME COLUMN kind TO type;
INSERT INTO schema_migrations (version, name) VALUES ('008', 'a_column');
COMMIT;
