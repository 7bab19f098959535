BEGIN;
DELETE FROM users;
INSERT INTO schema_migrations (version, name) VALUES ('008', 'explicit_delete');
COMMIT;
