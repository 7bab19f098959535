BEGIN;
ALTER TABLE logins RENAME TO visitors;
ALTER TABLE devices RENAME TO machines;
ALTER TABLE cities RENAME TO towns;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rename');
COMMIT;
