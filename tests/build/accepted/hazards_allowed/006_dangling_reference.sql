-- migrate: allow(dangling-reference): the application makes the view again
BEGIN;
DROP TABLE log;
INSERT INTO schema_migrations (version, name) VALUES ('006', 'dangling_reference');
COMMIT;
