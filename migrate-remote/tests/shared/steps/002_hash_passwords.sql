BEGIN;
ALTER TABLE users ADD COLUMN hash TEXT;
SELECT migrate_step('hash_passwords');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash_passwords');
COMMIT;
