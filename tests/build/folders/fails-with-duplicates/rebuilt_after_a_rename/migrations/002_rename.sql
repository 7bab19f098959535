BEGIN;
ALTER TABLE tickets RENAME TO passes;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rename');
COMMIT;
