BEGIN;
CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL, homepage_url TEXT, created_at TEXT NOT NULL, settings_json TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('006', 'create_people');
COMMIT;
