BEGIN;
CREATE TABLE kinds (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX kinds_by_name ON kinds (name);
CREATE TABLE notes (id INTEGER PRIMARY KEY);
INSERT INTO kinds VALUES (1, 'plain');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create');
COMMIT;
