BEGIN;
DELETE FROM users;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'delete_parents');
COMMIT;
