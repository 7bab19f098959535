BEGIN;
CREATE TABLE p4_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO p4_new (id, name) SELECT id, name FROM p4;
DROP TABLE p4;
ALTER TABLE p4_new RENAME TO p4;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'deferred');
COMMIT;
