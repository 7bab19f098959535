BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT);
CREATE VIEW names AS SELECT name FROM authors;
CREATE TRIGGER books_inserted AFTER INSERT ON books BEGIN INSERT INTO authors (name) VALUES (new.title); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
