BEGIN;
ALTER TABLE keys RENAME TO tokens;
INSERT INTO schema_migrations (version, name) VALUES ('016', 'rename_them');
COMMIT;
