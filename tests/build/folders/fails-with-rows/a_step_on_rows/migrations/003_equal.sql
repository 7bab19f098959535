BEGIN;
UPDATE users SET email = 'nobody@example.org';
INSERT INTO schema_migrations (version, name) VALUES ('003', 'equal');
COMMIT;
