BEGIN;
INSERT INTO search (search) VALUES ('integrity-check');
INSERT INTO schema_migrations (version, name) VALUES ('009', 'integrity');
COMMIT;
