BEGIN;
CREATE TABLE routes (id INTEGER PRIMARY KEY);
CREATE TABLE stops (id INTEGER PRIMARY KEY, route INTEGER NOT NULL REFERENCES routes (id));
INSERT INTO schema_migrations (version, name) VALUES ('009', 'create_rows_with_a_parent');
COMMIT;
