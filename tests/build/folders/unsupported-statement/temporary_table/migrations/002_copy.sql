BEGIN;
CREATE TEMP TABLE copy AS SELECT id FROM users;
DELETE FROM users WHERE id NOT IN (SELECT id FROM copy);
DROP TABLE copy;
ANALYZE;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'copy');
COMMIT;
