BEGIN;
CREATE TABLE cars (id INTEGER PRIMARY KEY, model TEXT, colour TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_cars');
COMMIT;
