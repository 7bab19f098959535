BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
