BEGIN;
PRAGMA "foreign_keys" = 0;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
PRAGMA [main] . /* here */ `foreign_key_check`;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
