BEGIN;
CREATE TABLE recipes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, steps TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_recipes');
COMMIT;
