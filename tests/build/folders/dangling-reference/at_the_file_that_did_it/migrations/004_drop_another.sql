BEGIN;
DROP TABLE films;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'drop_another');
COMMIT;
