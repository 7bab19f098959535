BEGIN;
ALTER TABLE log ADD COLUMN at TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_time');
COMMIT;
