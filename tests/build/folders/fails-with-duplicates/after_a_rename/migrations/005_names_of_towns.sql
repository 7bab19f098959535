BEGIN;
CREATE TABLE town_names (name TEXT PRIMARY KEY);
INSERT INTO town_names (name) SELECT name FROM towns;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'names_of_towns');
COMMIT;
