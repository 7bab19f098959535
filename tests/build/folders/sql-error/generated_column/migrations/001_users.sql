BEGIN;
CREATE TABLE t (a INTEGER, b AS (a + 1));
INSERT INTO t (a, b) VALUES (1, 2);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
