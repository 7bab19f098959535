BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
ATTACH 'old.db' AS old;
INSERT INTO users SELECT id FROM old.users;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
