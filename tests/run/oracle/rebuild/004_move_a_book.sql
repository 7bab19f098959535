BEGIN;
PRAGMA defer_foreign_keys = ON;
INSERT INTO book (author_id, title) VALUES (7, 'four');
INSERT INTO author (id, name) VALUES (7, 'D');
DELETE FROM author WHERE id = 1;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'move_a_book');
COMMIT;
