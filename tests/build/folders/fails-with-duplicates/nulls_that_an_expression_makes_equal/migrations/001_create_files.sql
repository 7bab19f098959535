BEGIN;
CREATE TABLE files (id INTEGER PRIMARY KEY, folder INTEGER UNIQUE, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_files');
COMMIT;
