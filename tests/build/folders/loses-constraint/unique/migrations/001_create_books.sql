BEGIN;
CREATE TABLE books (id INTEGER PRIMARY KEY, shelf INTEGER NOT NULL, place INTEGER NOT NULL, UNIQUE (shelf, place));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_books');
COMMIT;
