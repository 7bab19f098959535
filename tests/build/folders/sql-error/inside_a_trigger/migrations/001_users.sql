BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TRIGGER t AFTER INSERT ON users BEGIN
  SELECT 'fine;';
  UPDATE users SET email = 'x' WHEN id = 1;
END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
