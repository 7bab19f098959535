BEGIN;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
