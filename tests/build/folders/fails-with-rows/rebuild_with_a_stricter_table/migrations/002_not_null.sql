BEGIN;
CREATE TABLE a_new (id INTEGER PRIMARY KEY, name TEXT, email TEXT NOT NULL);
INSERT INTO a_new (id, name) SELECT id, name FROM a;
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'not_null');
COMMIT;
