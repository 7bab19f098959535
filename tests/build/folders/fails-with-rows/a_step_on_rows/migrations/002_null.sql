BEGIN;
UPDATE users SET name = NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'null');
COMMIT;
