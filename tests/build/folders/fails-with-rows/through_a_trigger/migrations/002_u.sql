BEGIN;
UPDATE a SET n = 'y';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'u');
COMMIT;
