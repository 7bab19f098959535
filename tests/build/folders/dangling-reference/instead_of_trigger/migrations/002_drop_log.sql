BEGIN;
DROP TABLE log;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop_log');
COMMIT;
