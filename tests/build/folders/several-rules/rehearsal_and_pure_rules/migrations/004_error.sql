BEGIN;
DROP TABLE missing;
VACUUM;
DROP TABLE missing_too;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'error');
COMMIT;
