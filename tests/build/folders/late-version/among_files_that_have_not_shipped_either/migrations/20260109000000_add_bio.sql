BEGIN;
ALTER TABLE posts ADD COLUMN bio TEXT;
INSERT INTO schema_migrations (version, name) VALUES ('20260109000000', 'add_bio');
COMMIT;
