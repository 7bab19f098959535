PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE books_new (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors);
INSERT INTO books_new (id, author) SELECT id, author FROM books;
DROP TABLE books;
ALTER TABLE books_new RENAME TO books;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_key');
COMMIT;
PRAGMA foreign_keys = ON;
