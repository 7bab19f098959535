BEGIN;
INSERT INTO users (id, role) VALUES (2, (SELECT code FROM roles WHERE rank = 101));
INSERT INTO schema_migrations (version, name) VALUES ('003', 'by_value');
COMMIT;
