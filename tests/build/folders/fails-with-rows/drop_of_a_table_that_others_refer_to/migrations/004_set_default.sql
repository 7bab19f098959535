BEGIN;
CREATE TABLE p3_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO p3_new (id, name) SELECT id, name FROM p3;
DROP TABLE p3;
ALTER TABLE p3_new RENAME TO p3;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'set_default');
COMMIT;
