BEGIN;
DELETE FROM harbours;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'delete_harbours');
COMMIT;
