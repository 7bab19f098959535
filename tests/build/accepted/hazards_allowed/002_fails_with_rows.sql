-- migrate: allow(fails-with-rows): it has never been filled
BEGIN;
ALTER TABLE log ADD COLUMN at TEXT NOT NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'fails_with_rows');
COMMIT;
