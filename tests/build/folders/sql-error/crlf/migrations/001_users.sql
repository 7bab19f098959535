BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
-- a comment

CREATE TRIGGER t AFTER INSERT ON users WHEN new.id > 0 BEGIN
  UPDATE users SET email = CASE WHEN email = 'END;' THEN ";END;" ELSE `email` END WHERE id = new.id; -- END;
  /* END; */ DELETE FROM users WHERE id = new.id AND [email] = 'it''s; END;';
END;
INSERT INTO users
    (id, emial) VALUES (1, 'a');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
