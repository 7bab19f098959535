BEGIN;
DROP INDEX by_email;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'index');
COMMIT;
