BEGIN;
-- migrate: allow(nondeterministic): one node only
UPDATE users SET name = date();
INSERT INTO schema_migrations (version, name) VALUES ('003', 'again');
COMMIT;
