BEGIN;
CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body)), at TEXT NOT NULL, day DATE, unix INTEGER);
INSERT INTO schema_migrations (version, name) VALUES ('010', 'json');
COMMIT;
