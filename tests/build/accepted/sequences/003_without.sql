BEGIN;
CREATE TABLE b (id INTEGER PRIMARY KEY, state TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'without');
COMMIT;
