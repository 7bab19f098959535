-- migrate: allow(loses-index): the shell makes the same of it
-- migrate: allow(loses-trigger): the shell makes the same of it
PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
BEGIN;
CREATE VIEW shelf AS SELECT author.name, book.title FROM book JOIN author ON author.id = book.author_id;
CREATE TABLE author_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER, died INTEGER);
INSERT INTO author_new (id, name, born) SELECT id, name, born FROM author;
DROP TABLE author;
ALTER TABLE author_new RENAME TO author;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rebuild_under_a_view');
COMMIT;
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_keys = ON;
