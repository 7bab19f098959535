BEGIN;
CREATE TABLE t1 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('1', 't1');
COMMIT;
