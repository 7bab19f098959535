BEGIN;
UPDATE counter SET runs = runs + 1;
UPDATE books SET title = title || ' (' || pages || ')';
INSERT INTO schema_migrations (version, name) VALUES ('011', 'retitle');
COMMIT;
