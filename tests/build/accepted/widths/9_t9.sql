BEGIN;
CREATE TABLE t9 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('9', 't9');
COMMIT;
