BEGIN;
CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('20260105120000', 'create_posts');
COMMIT;
