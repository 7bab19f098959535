BEGIN;
CREATE TABLE jobs_migrations (
    version    TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (datetime('now'))
);
INSERT INTO jobs_migrations (version, name) VALUES ('000', 'create_jobs_migrations');
COMMIT;
