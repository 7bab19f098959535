BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW names AS SELECT name FROM authors;
CREATE TABLE log (line TEXT);
CREATE TRIGGER names_inserted INSTEAD OF INSERT ON names BEGIN INSERT INTO log VALUES (new.name); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
