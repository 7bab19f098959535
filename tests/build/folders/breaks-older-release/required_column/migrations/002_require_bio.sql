BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, bio TEXT NOT NULL);
INSERT INTO new (id, email, bio) SELECT id, email, coalesce(bio, '') FROM users;
DROP TABLE users;
ALTER TABLE new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_bio');
COMMIT;
