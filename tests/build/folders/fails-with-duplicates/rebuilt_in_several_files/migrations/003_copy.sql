BEGIN;
INSERT INTO parcels_new (id, label) SELECT id, label FROM parcels;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'copy');
COMMIT;
