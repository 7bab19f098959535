BEGIN;
CREATE TABLE halts (id INTEGER PRIMARY KEY, route INTEGER NOT NULL REFERENCES routes (id));
INSERT INTO halts SELECT id, route FROM stations;
DROP TABLE halts;
INSERT INTO schema_migrations (version, name) VALUES ('011', 'copy_the_child');
COMMIT;
