BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TRIGGER users_named AFTER INSERT ON users WHEN new.name IS NULL BEGIN UPDATE users SET name = 'x' WHERE id = new.id; END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
