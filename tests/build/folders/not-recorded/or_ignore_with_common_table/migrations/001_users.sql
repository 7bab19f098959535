BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
WITH own (v, n) AS (VALUES ('001', 'users'))
INSERT OR IGNORE INTO schema_migrations (version, name) SELECT v, n FROM own;
COMMIT;
