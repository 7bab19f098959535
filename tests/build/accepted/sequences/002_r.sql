BEGIN;
CREATE TABLE a_new (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL);
INSERT INTO a_new (state) SELECT coalesce(state, '') FROM a;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'a') WHERE name = 'a_new';
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'r');
COMMIT;
