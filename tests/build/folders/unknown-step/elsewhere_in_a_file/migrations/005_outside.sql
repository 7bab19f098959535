SELECT migrate_step('rehash');
BEGIN;
SELECT 1;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'outside');
COMMIT;
