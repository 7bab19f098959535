BEGIN;
CREATE INDEX users_named ON users (name) WHERE name <> "none";
INSERT INTO schema_migrations (version, name) VALUES ('003', 'partial_index');
COMMIT;
