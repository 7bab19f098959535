-- migrate: allow(fails-with-rows): no release has written a note yet
BEGIN;
INSERT INTO kinds VALUES (2, 'rich');
ALTER TABLE notes ADD COLUMN kind INTEGER NOT NULL;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_kind');
COMMIT;
