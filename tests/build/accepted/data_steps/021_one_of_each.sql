BEGIN;
CREATE TABLE plans (id INTEGER PRIMARY KEY, active INTEGER, owner INTEGER, name TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('021', 'one_of_each');
COMMIT;
