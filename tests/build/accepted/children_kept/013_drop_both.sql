BEGIN;
DELETE FROM a;
DROP TABLE a;
DROP TABLE b;
INSERT INTO schema_migrations (version, name) VALUES ('013', 'drop_both');
COMMIT;
