BEGIN;
-- migrate: allow(loses-constraint): an address may be shared from now on
CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL, bio TEXT);
INSERT INTO new (id, email, bio) SELECT id, email, bio FROM users;
DROP TABLE users;
ALTER TABLE new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rekey');
COMMIT;
