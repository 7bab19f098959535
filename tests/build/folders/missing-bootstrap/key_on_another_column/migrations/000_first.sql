-- The first file.
BEGIN;
CREATE TABLE other (id INTEGER PRIMARY KEY);
CREATE TABLE schema_migrations (id INTEGER PRIMARY KEY, version TEXT, name TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
