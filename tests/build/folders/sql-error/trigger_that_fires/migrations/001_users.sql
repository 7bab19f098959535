BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TRIGGER t AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.id); END;

  INSERT INTO users VALUES (1, 'a');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
