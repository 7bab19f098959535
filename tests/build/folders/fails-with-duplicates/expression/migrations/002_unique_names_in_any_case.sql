BEGIN;
CREATE UNIQUE INDEX tags_name ON tags (lower(name));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'unique_names_in_any_case');
COMMIT;
