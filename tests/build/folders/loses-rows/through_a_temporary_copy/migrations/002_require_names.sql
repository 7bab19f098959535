BEGIN;
CREATE TEMP TABLE kept AS SELECT id, name FROM user WHERE id < 0;
DROP TABLE user;
CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO user SELECT * FROM kept;
DROP TABLE kept;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
