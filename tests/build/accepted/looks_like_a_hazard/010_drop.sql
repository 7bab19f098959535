BEGIN;
DROP TABLE books;
DROP TABLE IF EXISTS never_been;
INSERT INTO schema_migrations (version, name) VALUES ('010', 'drop');
COMMIT;
