BEGIN;
CREATE TABLE c (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'c_d');
COMMIT;
