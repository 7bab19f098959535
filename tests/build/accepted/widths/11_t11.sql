BEGIN;
CREATE TABLE t11 (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('11', 't11');
COMMIT;
