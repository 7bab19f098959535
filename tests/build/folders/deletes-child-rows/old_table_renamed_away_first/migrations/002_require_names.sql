BEGIN;
ALTER TABLE authors RENAME TO authors_old;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors (id, name) SELECT id, coalesce(name, '') FROM authors_old;
DROP TABLE authors_old;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
