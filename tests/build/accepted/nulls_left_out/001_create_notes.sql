BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, author INTEGER REFERENCES users);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
