BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW names AS SELECT name FROM authors;
CREATE VIEW short_names AS SELECT name FROM names WHERE length(name) < 9;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
