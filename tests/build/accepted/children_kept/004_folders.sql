BEGIN;
CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT, parent INTEGER REFERENCES folders ON DELETE CASCADE);
INSERT INTO schema_migrations (version, name) VALUES ('004', 'folders');
COMMIT;
