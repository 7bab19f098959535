BEGIN;
ALTER TABLE authors RENAME TO writers;
ALTER TABLE writers RENAME COLUMN name TO full_name;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'renames_are_followed');
COMMIT;
