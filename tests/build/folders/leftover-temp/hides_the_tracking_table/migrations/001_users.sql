BEGIN;
CREATE TEMP TABLE schema_migrations (version, name);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
DROP TABLE temp.schema_migrations;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
