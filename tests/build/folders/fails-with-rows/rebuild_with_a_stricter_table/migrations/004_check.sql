BEGIN;
CREATE TABLE c_new (id INTEGER PRIMARY KEY, name TEXT, level INTEGER DEFAULT 0 CHECK (level > 0));
INSERT INTO c_new (id, name) SELECT id, name FROM c;
DROP TABLE c;
ALTER TABLE c_new RENAME TO c;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'check');
COMMIT;
