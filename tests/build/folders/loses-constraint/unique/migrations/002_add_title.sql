BEGIN;
CREATE TABLE books_new (id INTEGER PRIMARY KEY, shelf INTEGER NOT NULL, place INTEGER NOT NULL, title TEXT);
INSERT INTO books_new (id, shelf, place) SELECT id, shelf, place FROM books;
DROP TABLE books;
ALTER TABLE books_new RENAME TO books;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_title');
COMMIT;
