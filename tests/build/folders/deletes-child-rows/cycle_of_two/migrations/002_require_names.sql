BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, team INTEGER REFERENCES teams ON DELETE CASCADE);
INSERT INTO users_new (id, name, team) SELECT id, coalesce(name, ''), team FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_names');
COMMIT;
