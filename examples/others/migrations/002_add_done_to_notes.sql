BEGIN;
ALTER TABLE notes ADD COLUMN done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1));
CREATE INDEX notes_open ON notes (id) WHERE done = 0;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_done_to_notes');
COMMIT;
