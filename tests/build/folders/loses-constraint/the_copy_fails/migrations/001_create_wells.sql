BEGIN;
CREATE TABLE wells (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL, name TEXT NOT NULL UNIQUE);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_wells');
COMMIT;
