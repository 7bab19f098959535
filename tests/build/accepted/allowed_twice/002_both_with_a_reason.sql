-- migrate: allow(loses-rows): a is a cache
-- migrate: allow(loses-rows): b is a cache
BEGIN;
DROP TABLE a;
DROP TABLE b;
CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'both_with_a_reason');
COMMIT;
