BEGIN;
INSERT INTO users (id, role) VALUES (100, 'admin');
INSERT INTO schema_migrations (version, name) VALUES ('006', 'fixed_id');
COMMIT;
