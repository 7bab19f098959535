BEGIN;
CREATE TABLE wells_new (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL CHECK (depth < 10));
INSERT INTO wells_new SELECT id, depth FROM wells;
DROP VIEW towns;
DROP TABLE wells;
ALTER TABLE wells_new RENAME TO wells;
CREATE VIEW towns AS SELECT town FROM wells;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'shallow_ones');
COMMIT;
