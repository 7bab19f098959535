BEGIN;
CREATE TABLE new (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, done BOOLEAN NOT NULL DEFAULT 0
);
INSERT INTO new (id, title) SELECT id, coalesce(title, '') FROM tasks;
DROP TABLE tasks;
ALTER TABLE new RENAME TO tasks;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_titles');
COMMIT;
