BEGIN;
CREATE TABLE roles (code TEXT PRIMARY KEY, rank INTEGER NOT NULL UNIQUE);
INSERT INTO roles VALUES ('admin', 1), ('user', 2);
CREATE TABLE users (id INTEGER PRIMARY KEY, role TEXT NOT NULL DEFAULT 'user' REFERENCES roles);
INSERT INTO users (id, role) VALUES (1, 'admin');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create');
COMMIT;
