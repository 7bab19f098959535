BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users VALUES (1, 'a');
INSERT OR ROLLBACK INTO users VALUES (1, 'b');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
