BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TRIGGER t AFTER INSERT ON users WHEN new.id > 0 BEGIN
  UPDATE users SET email = CASE WHEN email = 'END;' THEN ";END;" ELSE `email` END WHERE id = new.id; -- END;
  /* END; */ DELETE FROM users WHERE id = new.id AND [email] = 'it''s; END;';
END;
DROP TABLE posts;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
