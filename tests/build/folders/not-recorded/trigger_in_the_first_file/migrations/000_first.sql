BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TRIGGER t AFTER INSERT ON schema_migrations BEGIN SELECT 1; END;
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
