BEGIN;
DROP TABLE sessions;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'drop');
COMMIT;
