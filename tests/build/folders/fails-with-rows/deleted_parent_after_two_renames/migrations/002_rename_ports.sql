BEGIN;
ALTER TABLE ports RENAME TO harbours;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rename_ports');
COMMIT;
