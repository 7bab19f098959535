BEGIN;
DROP TABLE authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop');
COMMIT;
