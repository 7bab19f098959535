BEGIN;
ATTACH 'other.db' AS other;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
DETACH other;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
