BEGIN;
PRAGMA foreign_keys = OFF;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
PRAGMA main.foreign_keys(ON);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
