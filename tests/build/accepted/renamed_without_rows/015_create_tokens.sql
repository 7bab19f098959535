BEGIN;
CREATE TABLE keys (id TEXT PRIMARY KEY, token TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('015', 'create_tokens');
COMMIT;
