BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE INDEX authors_name ON authors (name);
CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors ON DELETE CASCADE);
CREATE TABLE log (line TEXT);
CREATE TRIGGER authors_inserted AFTER INSERT ON authors BEGIN INSERT INTO log (line) VALUES (new.name); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
