BEGIN;
CREATE TABLE parcels_new (id TEXT PRIMARY KEY, label TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'another');
COMMIT;
