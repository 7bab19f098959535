BEGIN;
CREATE TABLE lists (id INTEGER PRIMARY KEY, items TEXT NOT NULL DEFAULT '[]');
INSERT INTO schema_migrations (version, name) VALUES ('019', 'json_array');
COMMIT;
