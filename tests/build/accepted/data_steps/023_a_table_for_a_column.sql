BEGIN;
CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE people (id INTEGER PRIMARY KEY, city TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('023', 'a_table_for_a_column');
COMMIT;
