BEGIN;
CREATE TABLE films (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'add');
COMMIT;
