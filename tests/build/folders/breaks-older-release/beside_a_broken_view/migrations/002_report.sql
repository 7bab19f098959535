BEGIN;
CREATE VIEW report AS SELECT id, total FROM users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'report');
COMMIT;
