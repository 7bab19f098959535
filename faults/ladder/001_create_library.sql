BEGIN;
CREATE TABLE authors (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL
);
CREATE TABLE books (
    id        INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    title     TEXT NOT NULL,
    body      TEXT
);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL); -- no later file touches it
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
