BEGIN;
SELECT migrate_step('rehash') FROM users;
SELECT "migrate_step"('rehash');
SELECT migrate_step(rehash);
EXPLAIN SELECT migrate_step('rehash');
SELECT 'migrate_step';
INSERT INTO schema_migrations (version, name) VALUES ('003', 'with_more');
COMMIT;
