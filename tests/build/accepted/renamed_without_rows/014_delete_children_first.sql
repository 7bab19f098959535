BEGIN;
DELETE FROM stations;
DELETE FROM lines;
INSERT INTO schema_migrations (version, name) VALUES ('014', 'delete_children_first');
COMMIT;
