BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'a');
COMMIT;
