BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, n TEXT NOT NULL);
INSERT INTO new SELECT id, coalesce(n, '') FROM [my table];
DROP TABLE main.`MY TABLE`;
ALTER TABLE new RENAME TO "My Table";
INSERT INTO schema_migrations (version, name) VALUES ('002', 'd');
COMMIT;
