BEGIN;
UPDATE users SET email = lower(email) WHERE id > 1;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'lower_emails');
COMMIT;
