BEGIN;
CREATE INDEX books_by_title ON books (title);
CREATE INDEX books_by_author ON books (author_id);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'index_titles');
COMMIT;
