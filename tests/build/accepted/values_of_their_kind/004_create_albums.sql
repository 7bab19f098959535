BEGIN;
CREATE TABLE albums (id TEXT PRIMARY KEY, front TEXT, back TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('004', 'create_albums');
COMMIT;
