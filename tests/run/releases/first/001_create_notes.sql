BEGIN;
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
PRAGMA user_version = 1;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
