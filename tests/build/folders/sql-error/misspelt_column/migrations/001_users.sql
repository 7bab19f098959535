BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE INDEX by_email
    ON users (id,
        emial);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
