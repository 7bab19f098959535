BEGIN;
CREATE TABLE stations_new (id INTEGER PRIMARY KEY, route INTEGER NOT NULL REFERENCES routes (id));
INSERT INTO stations_new SELECT * FROM stations;
DROP TABLE stations;
ALTER TABLE stations_new RENAME TO stations;
INSERT INTO schema_migrations (version, name) VALUES ('012', 'rebuild_the_child');
COMMIT;
