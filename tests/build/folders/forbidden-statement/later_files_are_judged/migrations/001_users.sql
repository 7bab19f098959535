BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
VACUUM;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
