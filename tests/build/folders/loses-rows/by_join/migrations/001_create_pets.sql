BEGIN;
CREATE TABLE pets (id INTEGER PRIMARY KEY, kind TEXT NOT NULL);
CREATE TABLE kinds (name TEXT PRIMARY KEY, legs INTEGER NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_pets');
COMMIT;
