BEGIN;
CREATE TABLE new (one INTEGER NOT NULL UNIQUE DEFAULT 1 CHECK (one = 1), theme TEXT, size INTEGER);
INSERT INTO new (theme) SELECT theme FROM settings;
DROP TABLE settings;
ALTER TABLE new RENAME TO settings;
INSERT INTO schema_migrations (version, name) VALUES ('006', 'what_can_have_one_value_only');
COMMIT;
