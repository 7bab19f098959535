BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT);
INSERT INTO schema_migrations VALUES ('000', 'first');
COMMIT;
