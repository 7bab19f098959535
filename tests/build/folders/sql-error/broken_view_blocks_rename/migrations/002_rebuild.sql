BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY);
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
