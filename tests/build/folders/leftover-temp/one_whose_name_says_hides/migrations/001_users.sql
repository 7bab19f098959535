BEGIN;
CREATE TEMP TABLE hides_x (id INTEGER);
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
