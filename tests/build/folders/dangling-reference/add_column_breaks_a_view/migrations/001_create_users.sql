BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE teams (team INTEGER PRIMARY KEY, title TEXT);
CREATE VIEW both AS SELECT name, title FROM users JOIN teams;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
