BEGIN;
CREATE TABLE tokens_new (id TEXT PRIMARY KEY, token TEXT UNIQUE);
INSERT INTO tokens_new SELECT id, token FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_new RENAME TO tokens;
INSERT INTO schema_migrations (version, name) VALUES ('018', 'rebuild_tokens');
COMMIT;
