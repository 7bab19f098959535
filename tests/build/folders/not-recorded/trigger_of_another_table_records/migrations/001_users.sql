BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TRIGGER t AFTER INSERT ON users BEGIN
  INSERT INTO schema_migrations VALUES (new.id, new.email);
END;
INSERT INTO users VALUES (7, 'seven');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
