BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('0', 'first');
COMMIT;
