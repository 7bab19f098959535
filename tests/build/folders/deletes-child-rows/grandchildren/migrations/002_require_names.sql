BEGIN;
CREATE TABLE authors_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors_new (id, name) SELECT id, coalesce(name, '') FROM authors;
DROP TABLE authors;
ALTER TABLE authors_new RENAME TO authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
