BEGIN;
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY, title TEXT, done BOOLEAN NOT NULL DEFAULT 0
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tasks');
COMMIT;
