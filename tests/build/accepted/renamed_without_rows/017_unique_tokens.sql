BEGIN;
DELETE FROM tokens WHERE rowid NOT IN (SELECT min(rowid) FROM tokens GROUP BY token);
CREATE UNIQUE INDEX tokens_token ON tokens (token);
INSERT INTO schema_migrations (version, name) VALUES ('017', 'unique_tokens');
COMMIT;
