BEGIN;
CREATE VIEW lines AS SELECT line FROM log;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'dangling_reference');
COMMIT;
