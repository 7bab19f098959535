BEGIN;
SELECT migrate_step('rehash');
ALTER TABLE users DROP COLUMN passwrod;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash');
COMMIT;
