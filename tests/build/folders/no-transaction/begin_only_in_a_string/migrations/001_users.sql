CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users VALUES (1, 'BEGIN; COMMIT;');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
