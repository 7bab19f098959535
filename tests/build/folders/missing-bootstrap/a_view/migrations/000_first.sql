-- The first file.
BEGIN;
CREATE VIEW schema_migrations AS SELECT '000' AS version, 'first' AS name;
COMMIT;
