BEGIN;
CREATE TABLE log_backup AS SELECT * FROM log;
INSERT INTO schema_migrations (version, name) VALUES ('011', 'backup');
COMMIT;
