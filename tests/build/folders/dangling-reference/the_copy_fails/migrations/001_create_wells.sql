BEGIN;
CREATE TABLE wells (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL, town TEXT NOT NULL);
CREATE VIEW towns AS SELECT town FROM wells;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_wells');
COMMIT;
