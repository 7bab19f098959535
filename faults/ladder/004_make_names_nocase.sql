-- Books refer to authors and go with them: with foreign keys on, the DROP would take them all.
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE authors_new (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE
);
INSERT INTO authors_new (id, name) SELECT id, name FROM authors;
DROP TABLE authors;
ALTER TABLE authors_new RENAME TO authors;
CREATE INDEX authors_by_name ON authors (name);
INSERT INTO schema_migrations (version, name) VALUES ('004', 'make_names_nocase');
COMMIT;
PRAGMA foreign_keys = ON;
