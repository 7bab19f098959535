BEGIN;
CREATE TABLE scratch (id INTEGER);
DROP TABLE scratch;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'something_else_is_dropped');
COMMIT;
