BEGIN;
UPDATE users SET email = lower(email);
INSERT INTO schema_migrations (version, name) VALUES ('20260228235959', 'lower_emails');
COMMIT;
