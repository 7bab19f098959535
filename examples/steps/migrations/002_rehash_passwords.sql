BEGIN;
ALTER TABLE users ADD COLUMN password_hash TEXT NOT NULL DEFAULT '';
SELECT migrate_step('rehash_passwords');
ALTER TABLE users DROP COLUMN password;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rehash_passwords');
COMMIT;
