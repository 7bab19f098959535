BEGIN;
SAVEPOINT a;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
ROLLBACK TO a;
RELEASE a;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
