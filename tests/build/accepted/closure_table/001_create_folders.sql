BEGIN;
CREATE TABLE folders (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES folders);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_folders');
COMMIT;
