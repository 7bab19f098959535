BEGIN;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hazard');
COMMIT;
