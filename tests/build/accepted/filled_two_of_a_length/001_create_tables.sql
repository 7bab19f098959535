BEGIN;
CREATE TABLE two_of_a_length (id INTEGER PRIMARY KEY, u TEXT NOT NULL UNIQUE CHECK (length(u) = 36));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
