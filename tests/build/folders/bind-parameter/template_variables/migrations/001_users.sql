BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users VALUES (1, $EMAIL), (2, :email), (3, 'not :this?');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
