BEGIN;
-- hiddenCREATE TABLE users (id);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
