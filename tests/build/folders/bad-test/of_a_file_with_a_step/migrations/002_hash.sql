BEGIN;
SELECT migrate_step('rehash');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash');
COMMIT;
