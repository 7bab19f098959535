BEGIN;
INSERT INTO users (id, name) VALUES (1, 'normalize (not me)');
UPDATE users SET name = Normalize (name);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'normalize');
COMMIT;
