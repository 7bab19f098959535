-- The first file.
BEGIN;
CREATE TABLE schema_migrations (version TEXT, name TEXT, PRIMARY KEY (version, name));
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
