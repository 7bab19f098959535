BEGIN;
CREATE TABLE trips_new (id INTEGER PRIMARY KEY, driver TEXT NOT NULL, goal TEXT NOT NULL);
INSERT INTO trips_new (id, driver, goal) SELECT min(id), driver, goal FROM trips GROUP BY id > 0;
DROP TABLE trips;
ALTER TABLE trips_new RENAME TO trips;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'one_for_each_length');
COMMIT;
