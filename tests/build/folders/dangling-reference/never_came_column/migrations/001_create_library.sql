BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY);
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, author INTEGER REFERENCES authors (code));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
