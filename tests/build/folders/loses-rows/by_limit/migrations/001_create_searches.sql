BEGIN;
CREATE TABLE searches (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_searches');
COMMIT;
