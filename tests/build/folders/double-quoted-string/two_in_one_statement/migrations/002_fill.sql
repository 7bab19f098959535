BEGIN;
INSERT INTO users (name, state) VALUES ("ann", "new");
INSERT INTO schema_migrations (version, name) VALUES ('002', 'fill');
COMMIT;
