BEGIN;
CREATE TABLE sessions (id TEXT PRIMARY KEY, kind TEXT NOT NULL DEFAULT 'web', state TEXT NOT NULL DEFAULT 'new');
CREATE TABLE sessions_new (id TEXT PRIMARY KEY, kind TEXT NOT NULL DEFAULT 'web', state TEXT NOT NULL DEFAULT 'new');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_sessions');
COMMIT;
