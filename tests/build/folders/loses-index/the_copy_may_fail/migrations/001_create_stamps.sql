BEGIN;
CREATE TABLE stamps (id INTEGER PRIMARY KEY, code TEXT NOT NULL);
CREATE INDEX stamps_code ON stamps (code);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_stamps');
COMMIT;
