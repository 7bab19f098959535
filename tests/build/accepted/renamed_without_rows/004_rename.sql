BEGIN;
ALTER TABLE sessions_new RENAME TO sessions;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'rename');
COMMIT;
