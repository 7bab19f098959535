BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW names AS SELECT name FROM authors;
CREATE TRIGGER books_inserted AFTER INSERT ON books BEGIN INSERT INTO authors (name) VALUES (new.title); END;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'the_table_yet_to_come');
COMMIT;
