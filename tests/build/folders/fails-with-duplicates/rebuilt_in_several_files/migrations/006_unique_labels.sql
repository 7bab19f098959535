BEGIN;
CREATE UNIQUE INDEX parcels_label ON parcels (label);
INSERT INTO schema_migrations (version, name) VALUES ('006', 'unique_labels');
COMMIT;
