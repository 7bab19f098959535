BEGIN;
DELETE FROM notes WHERE author IS NULL;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author INTEGER NOT NULL REFERENCES users, author_name TEXT);
INSERT INTO new (id, title, author, author_name)
SELECT notes.id, notes.title, notes.author, users.name FROM notes JOIN users ON users.id = notes.author;
DROP TABLE notes;
ALTER TABLE new RENAME TO notes;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'require_authors');
COMMIT;
