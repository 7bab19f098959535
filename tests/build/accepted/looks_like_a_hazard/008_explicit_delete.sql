BEGIN;
DELETE FROM books WHERE title IS NOT NULL;
INSERT INTO schema_migrations (version, name) VALUES ('008', 'explicit_delete');
COMMIT;
