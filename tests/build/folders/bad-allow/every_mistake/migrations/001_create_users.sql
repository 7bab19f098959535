-- migrate: allow(loses-rows)
-- migrate: allow(loses-rows):
-- migrate: allow(loses-row): a reason
-- migrate: allow(): a reason
-- migrate: allow loses-rows: a reason
-- migrate: allow(loses-rows, loses-index): a reason
-- migrate: allow(LOSES-ROWS): a reason
BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
