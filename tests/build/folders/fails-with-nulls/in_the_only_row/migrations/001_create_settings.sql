BEGIN;
CREATE TABLE settings (id INTEGER PRIMARY KEY CHECK (id = 1), theme TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_settings');
COMMIT;
