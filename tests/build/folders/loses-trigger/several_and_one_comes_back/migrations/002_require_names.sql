BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO users_new (id, name) SELECT id, coalesce(name, '') FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE TRIGGER users_updated AFTER UPDATE ON users BEGIN INSERT INTO log VALUES (new.name); END;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
