BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TRIGGER t AFTER INSERT ON users BEGIN
  UPDATE users SET email = lower(new.email);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
