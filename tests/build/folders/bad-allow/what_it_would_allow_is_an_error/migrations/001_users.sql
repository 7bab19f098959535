-- migrate: allow(sql-error): it will be there
BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO usres (id) VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
