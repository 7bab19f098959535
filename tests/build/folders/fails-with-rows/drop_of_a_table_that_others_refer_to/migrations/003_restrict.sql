BEGIN;
CREATE TABLE p2_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO p2_new (id, name) SELECT id, name FROM p2;
DROP TABLE p2;
ALTER TABLE p2_new RENAME TO p2;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'restrict');
COMMIT;
