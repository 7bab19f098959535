BEGIN;
CREATE TABLE words (word TEXT PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'create_words');
COMMIT;
