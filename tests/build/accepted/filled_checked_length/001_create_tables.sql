BEGIN;
CREATE TABLE checked_length (id INTEGER PRIMARY KEY, iso TEXT NOT NULL CHECK (length(iso) = 2), hash BLOB NOT NULL CHECK (length(hash) = 32), name TEXT NOT NULL CHECK (length(trim(name)) > 0), short TEXT NOT NULL CHECK (length(short) <= 5), key BLOB NOT NULL CHECK (typeof(key) = 'blob'));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
