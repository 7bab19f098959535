BEGIN;
ALTER TABLE parcels_new RENAME TO parcels;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'rename');
COMMIT;
