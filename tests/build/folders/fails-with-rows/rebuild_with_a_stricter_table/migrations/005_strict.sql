BEGIN;
CREATE TABLE d_new (id INTEGER PRIMARY KEY, name BLOB) STRICT;
INSERT INTO d_new (id, name) SELECT id, name FROM d;
DROP TABLE d;
ALTER TABLE d_new RENAME TO d;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'strict');
COMMIT;
