BEGIN;
-- by name
SELECT migrate_step('rehash_password');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash');
COMMIT;
