BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TRIGGER users_inserted AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.name); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
