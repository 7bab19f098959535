BEGIN;
DROP TABLE parcels;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'drop');
COMMIT;
