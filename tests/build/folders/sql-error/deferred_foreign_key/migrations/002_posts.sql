BEGIN;
DROP TABLE posts;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'posts');
COMMIT;
