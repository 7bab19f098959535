BEGIN;
CREATE TABLE t8 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('8', 't8');
COMMIT;
