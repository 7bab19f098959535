BEGIN;
-- What the application inserts later may vary; what a file inserts may not.
CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    token      INTEGER NOT NULL DEFAULT (random()),
    created_at TEXT NOT NULL DEFAULT (datetime('now'))
) STRICT;
INSERT INTO users (id, name, token, created_at) VALUES (1, 'Team', 7, datetime('2026-11-27'));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
