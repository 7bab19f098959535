BEGIN;
CREATE TABLE a_new (id INTEGER PRIMARY KEY, n TEXT NOT NULL, s TEXT);
INSERT INTO a_new SELECT * FROM a;
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
CREATE INDEX a_m ON a (n) WHERE s <> 'open';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'r');
COMMIT;
