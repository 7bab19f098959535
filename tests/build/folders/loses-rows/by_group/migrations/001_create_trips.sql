BEGIN;
CREATE TABLE trips (id INTEGER PRIMARY KEY, driver TEXT NOT NULL DEFAULT 'nobody', goal TEXT NOT NULL DEFAULT 'home');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_trips');
COMMIT;
