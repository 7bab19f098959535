BEGIN;
CREATE TABLE t7 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('7', 't7');
COMMIT;
