BEGIN;
CREATE TABLE letters (id INTEGER PRIMARY KEY, sent TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_letters');
COMMIT;
