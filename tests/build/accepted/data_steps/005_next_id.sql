BEGIN;
INSERT INTO users (role) SELECT 'user' WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = 3);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'next_id');
COMMIT;
