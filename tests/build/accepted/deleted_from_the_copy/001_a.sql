BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'a');
COMMIT;
