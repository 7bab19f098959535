-- examples/notes/001_create_notes.sql
BEGIN;
CREATE TABLE notes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (datetime('now'))
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
