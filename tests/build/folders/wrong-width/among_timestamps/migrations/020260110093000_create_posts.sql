BEGIN;
CREATE TABLE posts (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('020260110093000', 'create_posts');
COMMIT;
