BEGIN;
CREATE INDEX i ON users (bio);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'index');
COMMIT;
