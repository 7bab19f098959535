BEGIN;
CREATE VIRTUAL TABLE search USING fts5 (title, author);
INSERT INTO search (rowid, title, author)
SELECT books.id, books.title, authors.name FROM books JOIN authors ON authors.id = books.author_id;
INSERT INTO schema_migrations (version, name) VALUES ('006', 'search_books');
COMMIT;
