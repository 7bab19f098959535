BEGIN;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'b');
COMMIT;
