BEGIN;
UPDATE users SET id = random();
INSERT INTO schema_migrations (version, name) VALUES ('002', 'shuffle');
COMMIT;
