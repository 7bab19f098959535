BEGIN;
CREATE TABLE log (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, title TEXT NOT NULL);
CREATE TRIGGER books_log AFTER UPDATE ON books BEGIN
    INSERT INTO log (book_id, title) VALUES (new.id, old.title);
END;
CREATE VIEW shelf AS SELECT authors.name, books.title FROM books JOIN authors ON authors.id = books.author_id;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'log_changes');
COMMIT;
