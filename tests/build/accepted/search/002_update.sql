BEGIN;
UPDATE notes SET title = trim(title) || '!';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'update');
COMMIT;
