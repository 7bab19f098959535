BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, phone TEXT, state TEXT NOT NULL DEFAULT 'active');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
