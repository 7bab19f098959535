BEGIN;
ALTER TABLE a RENAME TO c;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'renamed');
COMMIT;
