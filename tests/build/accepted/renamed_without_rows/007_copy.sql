BEGIN;
INSERT INTO sessions_new SELECT id, kind, state FROM sessions;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'copy');
COMMIT;
