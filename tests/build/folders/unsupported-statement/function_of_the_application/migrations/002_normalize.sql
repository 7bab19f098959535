BEGIN;
UPDATE users SET name = normalize(name);
CREATE INDEX users_name ON users (name COLLATE unicase);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'normalize');
COMMIT;
