BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT, born TEXT);
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT);
CREATE VIEW births AS SELECT born FROM authors;
CREATE TRIGGER books_updated AFTER UPDATE ON books BEGIN UPDATE authors SET born = NULL; END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
