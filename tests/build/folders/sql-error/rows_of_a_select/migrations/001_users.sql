BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users VALUES (1, '[]'), (2, '{');
SELECT json(email) FROM users;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
