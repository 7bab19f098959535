BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
-- one-- two
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
