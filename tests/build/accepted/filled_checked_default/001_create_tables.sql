BEGIN;
CREATE TABLE checked_default (id INTEGER PRIMARY KEY, token TEXT NOT NULL DEFAULT '' CHECK (length(token) > 0));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
