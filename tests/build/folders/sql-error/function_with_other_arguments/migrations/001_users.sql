BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
UPDATE users SET email = normalize(email);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
