BEGIN;
CREATE TABLE authors (name TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'authors');
COMMIT;
