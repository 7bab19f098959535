BEGIN;
CREATE TABLE b_new (id INTEGER PRIMARY KEY, name TEXT, kind TEXT UNIQUE);
INSERT INTO b_new (id, name, kind) SELECT id, name, 'user' FROM b;
DROP TABLE b;
ALTER TABLE b_new RENAME TO b;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'unique');
COMMIT;
