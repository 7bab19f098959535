BEGIN;
DROP VIEW lines;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'drop_the_view');
COMMIT;
