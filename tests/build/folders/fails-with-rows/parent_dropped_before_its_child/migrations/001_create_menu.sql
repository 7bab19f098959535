BEGIN;
CREATE TABLE dishes (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE portions (id INTEGER PRIMARY KEY, dish INTEGER NOT NULL REFERENCES dishes);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_menu');
COMMIT;
