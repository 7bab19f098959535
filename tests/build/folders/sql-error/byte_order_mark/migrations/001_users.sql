BEGIN; CREATE TABLE users (id INTEGER); DROP TABLE missing;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
