BEGIN;
DROP TABLE authors;
DROP TABLE books;
CREATE TABLE other (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop_parent_first');
COMMIT;
