BEGIN;
DELETE FROM notes WHERE body IS NULL;
DELETE FROM notes WHERE id > 5;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'delete');
COMMIT;
