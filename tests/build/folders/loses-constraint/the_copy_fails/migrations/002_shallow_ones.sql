BEGIN;
CREATE TABLE wells_new (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL CHECK (depth < 10), name TEXT NOT NULL);
INSERT INTO wells_new SELECT id, depth, name FROM wells;
DROP TABLE wells;
ALTER TABLE wells_new RENAME TO wells;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'shallow_ones');
COMMIT;
