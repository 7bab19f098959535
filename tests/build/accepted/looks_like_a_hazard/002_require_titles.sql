BEGIN;
-- The index on a column that goes, one under another name, one as a constraint, and one dropped in so many words.
DROP INDEX books_title;
DROP TRIGGER books_deleted;
CREATE TABLE books_new (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, isbn TEXT UNIQUE);
INSERT INTO books_new (id, title, isbn) SELECT id, coalesce(title, ''), isbn FROM books;
DROP TABLE books;
ALTER TABLE books_new RENAME TO books;
CREATE TRIGGER books_inserted AFTER INSERT ON books BEGIN INSERT INTO log VALUES (new.title); END;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_titles');
COMMIT;
