BEGIN;
ALTER TABLE stops RENAME TO stations;
INSERT INTO schema_migrations (version, name) VALUES ('010', 'rename_the_child');
COMMIT;
