BEGIN;
CREATE TABLE t6 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('6', 't6');
COMMIT;
