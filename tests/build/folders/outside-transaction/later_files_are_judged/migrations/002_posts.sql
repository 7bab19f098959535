BEGIN;
CREATE TABLE posts (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'posts');
COMMIT;
