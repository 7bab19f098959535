-- migrations/000_create_schema_migrations.sql
BEGIN;
CREATE TABLE schema_migrations (
    version    TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (datetime('now'))
);
INSERT INTO schema_migrations (version, name)
VALUES ('000', 'create_schema_migrations');
COMMIT;
