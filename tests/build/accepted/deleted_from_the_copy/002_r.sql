BEGIN;
CREATE TABLE a_new (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO a_new SELECT * FROM a;
DELETE FROM a_new WHERE state = 'x' OR 1;
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'r');
COMMIT;
