BEGIN;
SELECT migrate_step('rehash');
-- SELECT migrate_step('later');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash');
COMMIT;
