BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('20260110093000', 'create_users');
COMMIT;
