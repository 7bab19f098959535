-- The first file.
BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY);
INSERT INTO schema_migrations (version) VALUES ('000');
COMMIT;
