BEGIN;
CREATE TEMP TABLE kept AS SELECT id, name FROM users;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO users SELECT id, coalesce(name, '') FROM kept;
DROP TABLE kept;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
