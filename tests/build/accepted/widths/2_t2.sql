BEGIN;
CREATE TABLE t2 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('2', 't2');
COMMIT;
