-- The recipe of https://sqlite.org/lang_altertable.html
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE author_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, born INTEGER);
INSERT INTO author_new (id, name) SELECT id, coalesce(name, 'unknown') FROM author;
DROP TABLE author;
ALTER TABLE author_new RENAME TO author;
CREATE INDEX author_name ON author (name);
CREATE TRIGGER author_named BEFORE INSERT ON author WHEN new.name = '' BEGIN SELECT RAISE(IGNORE); END;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
PRAGMA foreign_keys = ON;
