PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY);
CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors);
CREATE TABLE films (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create');
COMMIT;
PRAGMA foreign_keys = ON;
