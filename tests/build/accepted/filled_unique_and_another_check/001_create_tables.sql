BEGIN;
CREATE TABLE unique_and_another_check (id INTEGER PRIMARY KEY, year INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 1900 AND 2100), negative INTEGER NOT NULL CHECK (negative < 0));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
