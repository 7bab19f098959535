-- migrate: allow(loses-rows): it was allowed when it shipped
BEGIN;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'hazard_allowed');
COMMIT;
