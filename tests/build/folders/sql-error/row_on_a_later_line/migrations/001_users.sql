BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
INSERT INTO users (id,
    email)
VALUES (1, 'a'),
       (2, 'a');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
