BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
INSERT INTO new (id, email) SELECT id, email FROM users;
DROP TABLE users;
ALTER TABLE new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_emails');
COMMIT;
