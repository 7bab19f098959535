BEGIN;
CREATE TABLE lists (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_lists');
COMMIT;
