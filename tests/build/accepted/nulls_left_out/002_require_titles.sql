BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author INTEGER REFERENCES users);
INSERT INTO new (id, title, author) SELECT id, title, author FROM notes WHERE title IS NOT NULL;
DROP TABLE notes;
ALTER TABLE new RENAME TO notes;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_titles');
COMMIT;
