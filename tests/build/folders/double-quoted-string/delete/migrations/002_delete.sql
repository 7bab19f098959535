BEGIN;
DELETE FROM users WHERE "nane" = 'nane';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'delete');
COMMIT;
