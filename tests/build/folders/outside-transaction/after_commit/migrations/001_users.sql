BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
INSERT INTO users VALUES (1, 'a;b');
SELECT * FROM users;
