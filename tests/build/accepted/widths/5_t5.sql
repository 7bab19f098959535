BEGIN;
CREATE TABLE t5 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('5', 't5');
COMMIT;
