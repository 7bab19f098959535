BEGIN;
CREATE TABLE p1_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO p1_new (id, name) SELECT id, name FROM p1;
DROP TABLE p1;
ALTER TABLE p1_new RENAME TO p1;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'no_action');
COMMIT;
