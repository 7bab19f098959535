BEGIN;
CREATE TEMP TABLE users (id INTEGER);
UPDATE users SET email = 'x';
DROP TABLE temp.users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'posts');
COMMIT;
