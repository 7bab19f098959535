-- The first file.
BEGIN;
CREATE TABLE schema_migrations (version TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
