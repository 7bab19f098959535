BEGIN;
ALTER TABLE ships RENAME TO vessels;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rename_ships');
COMMIT;
