PRAGMA foreign_keys = OFF;
BEGIN;
DELETE FROM books;
DELETE FROM authors;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'children_of_nobody_are_deleted_first');
COMMIT;
PRAGMA foreign_keys = ON;
