BEGIN;
INSERT INTO missing VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'echo');
COMMIT;
