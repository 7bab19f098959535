BEGIN;
VACUUM;
INSERT INTO posts VALUES (?);
PRAGMA foreign_keys = OFF;
SAVEPOINT a;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'a');
COMMIT;
