BEGIN;
UPDATE frozen SET a = 'x';
INSERT INTO schema_migrations (version, name) VALUES ('005', 'trigger');
COMMIT;
