BEGIN;
UPDATE users SET role = 'user' WHERE role = 'guest';
DELETE FROM roles WHERE code = 'guest';
INSERT INTO schema_migrations (version, name) VALUES ('004', 'delete_a_seed');
COMMIT;
