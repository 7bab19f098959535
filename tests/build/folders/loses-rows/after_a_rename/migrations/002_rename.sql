BEGIN;
ALTER TABLE plants RENAME TO trees;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rename');
COMMIT;
