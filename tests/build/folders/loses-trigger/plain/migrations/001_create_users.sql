BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, changed TEXT);
CREATE TRIGGER users_changed AFTER UPDATE OF name ON users BEGIN
    UPDATE users SET changed = datetime('now') WHERE id = new.id;
END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
