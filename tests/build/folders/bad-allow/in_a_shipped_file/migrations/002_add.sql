-- migrate: allow(no-such-rule): a reason
BEGIN;
CREATE TABLE posts (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add');
COMMIT;
