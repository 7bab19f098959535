BEGIN;
UPDATE notes SET body = upper(body);
INSERT INTO schema_migrations (version, name) VALUES ('006', 'after_it');
COMMIT;
