BEGIN;
CREATE TABLE sessions_new (id TEXT PRIMARY KEY, kind TEXT NOT NULL DEFAULT 'web', state TEXT NOT NULL DEFAULT 'new');
INSERT INTO schema_migrations (version, name) VALUES ('006', 'and_again');
COMMIT;
