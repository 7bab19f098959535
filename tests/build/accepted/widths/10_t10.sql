BEGIN;
CREATE TABLE t10 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('10', 't10');
COMMIT;
