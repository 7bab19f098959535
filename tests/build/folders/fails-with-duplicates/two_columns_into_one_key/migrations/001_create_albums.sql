BEGIN;
CREATE TABLE albums (id TEXT PRIMARY KEY, front TEXT NOT NULL, back TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_albums');
COMMIT;
