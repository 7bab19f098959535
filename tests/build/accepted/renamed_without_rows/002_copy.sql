BEGIN;
INSERT INTO sessions_new SELECT id, kind, state FROM sessions;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'copy');
COMMIT;
