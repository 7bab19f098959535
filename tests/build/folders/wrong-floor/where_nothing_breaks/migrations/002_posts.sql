BEGIN;
CREATE TABLE posts (id INTEGER PRIMARY KEY);
PRAGMA user_version = 2;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'posts');
COMMIT;
