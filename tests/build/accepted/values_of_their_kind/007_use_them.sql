BEGIN;
CREATE TABLE people_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL CHECK (email LIKE '%@%'), homepage_url TEXT CHECK (homepage_url LIKE 'http%'), created_at TEXT NOT NULL CHECK (datetime(created_at) IS NOT NULL), settings_json TEXT NOT NULL CHECK (json_type(settings_json) = 'object'));
INSERT INTO people_new SELECT id, email, homepage_url, created_at, settings_json FROM people;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'use_them');
COMMIT;
