BEGIN;
CREATE TABLE tags (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'tags');
COMMIT;
