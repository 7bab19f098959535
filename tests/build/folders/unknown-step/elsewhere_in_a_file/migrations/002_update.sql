BEGIN;
UPDATE users SET hash = migrate_step('rehash');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'update');
COMMIT;
