BEGIN;
CREATE TABLE t (a INT, b TEXT) STRICT;
INSERT INTO t (a, b) VALUES ('größe', 'x');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
