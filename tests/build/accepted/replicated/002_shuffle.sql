BEGIN;
-- migrate: allow(nondeterministic): on libSQL only
UPDATE users SET token = abs(random());
UPDATE users SET token = 8;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'shuffle');
COMMIT;
