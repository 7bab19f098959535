BEGIN;
CREATE TABLE parcels (id TEXT PRIMARY KEY, label TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_parcels');
COMMIT;
