BEGIN;
CREATE TEMP TABLE Users AS SELECT * FROM users;
DROP TABLE temp.users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'posts');
COMMIT;
