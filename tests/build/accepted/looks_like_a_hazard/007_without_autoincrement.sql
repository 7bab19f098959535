BEGIN;
CREATE TABLE books_new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, isbn TEXT UNIQUE);
INSERT INTO books_new (title, isbn) SELECT title, isbn FROM books;
DROP TABLE books;
ALTER TABLE books_new RENAME TO books;
CREATE INDEX idx_books_title ON books (title);
CREATE TRIGGER books_inserted AFTER INSERT ON books BEGIN INSERT INTO log VALUES (new.title); END;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'without_autoincrement');
COMMIT;
