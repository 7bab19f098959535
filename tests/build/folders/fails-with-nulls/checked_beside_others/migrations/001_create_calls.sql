BEGIN;
CREATE TABLE calls (id INTEGER PRIMARY KEY, begun TEXT, ended TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_calls');
COMMIT;
