BEGIN;
INSERT INTO search (search) VALUES ('rebuild');
INSERT INTO schema_migrations (version, name) VALUES ('004', 'rebuild_the_index');
COMMIT;
