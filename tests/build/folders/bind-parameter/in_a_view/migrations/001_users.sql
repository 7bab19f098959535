BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE VIEW v AS SELECT * FROM users WHERE id = :id;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
