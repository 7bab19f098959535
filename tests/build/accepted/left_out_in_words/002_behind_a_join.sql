BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author INTEGER REFERENCES users (id));
INSERT INTO new (id, title, author)
SELECT n.id, n.title, n.author FROM a AS n LEFT JOIN users AS u ON u.id = n.author WHERE n.title IS NOT NULL;
DROP TABLE a;
ALTER TABLE new RENAME TO a;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'behind_a_join');
COMMIT;
