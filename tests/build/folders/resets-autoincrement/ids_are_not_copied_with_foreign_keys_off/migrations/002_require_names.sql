PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
INSERT INTO users_new (name) SELECT coalesce(name, '') FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
PRAGMA foreign_keys = ON;
