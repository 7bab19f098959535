-- migrate: not-rehearsed: shout is the application's, and needs its data
BEGIN;
INSERT INTO people (name) SELECT shout('cy');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'not_rehearsed');
COMMIT;
