BEGIN;
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, author INTEGER REFERENCES authors);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
