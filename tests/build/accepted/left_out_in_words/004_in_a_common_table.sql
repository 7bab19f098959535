BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
WITH kept AS (SELECT id, title FROM c WHERE title IS NOT NULL) INSERT INTO new (id, title) SELECT id, title FROM kept;
DROP TABLE c;
ALTER TABLE new RENAME TO c;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'in_a_common_table');
COMMIT;
