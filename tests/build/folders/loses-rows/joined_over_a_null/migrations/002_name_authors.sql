BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT, author INTEGER REFERENCES users, author_name TEXT);
INSERT INTO new (id, title, author, author_name)
SELECT posts.id, posts.title, posts.author, users.name FROM posts JOIN users ON users.id = posts.author;
DROP TABLE posts;
ALTER TABLE new RENAME TO posts;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'name_authors');
COMMIT;
