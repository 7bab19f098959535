BEGIN;
CREATE TABLE later (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'later');
COMMIT;
