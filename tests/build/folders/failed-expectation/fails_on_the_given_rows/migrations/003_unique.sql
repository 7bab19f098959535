BEGIN;
-- migrate: allow(fails-with-duplicates): they were merged by hand
CREATE UNIQUE INDEX emails ON users (email);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'unique');
COMMIT;
