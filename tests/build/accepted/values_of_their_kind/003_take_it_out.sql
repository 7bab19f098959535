BEGIN;
UPDATE documents SET author = json_extract(body, '$.author');
INSERT INTO schema_migrations (version, name) VALUES ('003', 'take_it_out');
COMMIT;
