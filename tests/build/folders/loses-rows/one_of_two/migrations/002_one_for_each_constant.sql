BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE, name TEXT);
INSERT OR IGNORE INTO users_new (id, kind, name) SELECT id, 'user', name FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'one_for_each_constant');
COMMIT;
