BEGIN;
ALTER TABLE calls ADD COLUMN length REAL CHECK (begun IS NOT NULL OR ended IS NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'lengths');
COMMIT;
