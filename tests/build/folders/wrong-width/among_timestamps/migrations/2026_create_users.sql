BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('2026', 'create_users');
COMMIT;
