BEGIN;
CREATE TABLE t3 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('3', 't3');
COMMIT;
