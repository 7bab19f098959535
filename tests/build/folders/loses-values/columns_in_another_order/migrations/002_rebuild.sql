BEGIN;
CREATE TABLE trains_new (id INTEGER PRIMARY KEY, arrives TEXT, departs TEXT);
INSERT INTO trains_new SELECT * FROM trains;
DROP TABLE trains;
ALTER TABLE trains_new RENAME TO trains;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
