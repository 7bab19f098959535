BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors ON DELETE CASCADE);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
