BEGIN;
CREATE TABLE logins (id TEXT PRIMARY KEY, cookie TEXT);
CREATE TABLE devices (id INTEGER PRIMARY KEY, cookie TEXT);
CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_logins');
COMMIT;
