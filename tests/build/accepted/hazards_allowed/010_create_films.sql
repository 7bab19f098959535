BEGIN;
CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT CHECK (title <> ''), director TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('010', 'create_films');
COMMIT;
