-- migrate: not-rehearsed: spellfix1 is the application's
BEGIN;
CREATE VIRTUAL TABLE places USING spellfix1;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'places');
COMMIT;
