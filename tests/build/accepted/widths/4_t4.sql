BEGIN;
CREATE TABLE t4 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('4', 't4');
COMMIT;
