BEGIN;
PRAGMA defer_foreign_keys = ON;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
PRAGMA defer_foreign_keys = OFF;
PRAGMA defer_foreign_keys;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
