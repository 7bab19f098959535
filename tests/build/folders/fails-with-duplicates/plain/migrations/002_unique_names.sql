BEGIN;
CREATE UNIQUE INDEX streets_name ON streets (name);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'unique_names');
COMMIT;
