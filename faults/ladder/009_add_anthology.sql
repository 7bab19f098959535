BEGIN;
PRAGMA defer_foreign_keys = ON;
INSERT INTO books (author_id, title, pages) SELECT 1 + max(id), 'Anthology', 900 FROM authors;
INSERT INTO authors (id, name) SELECT 1 + max(id), 'Various' FROM authors;
INSERT INTO schema_migrations (version, name) VALUES ('009', 'add_anthology');
COMMIT;
