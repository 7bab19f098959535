-- migrate: allow(foreign-key-violation): a test
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent);
INSERT INTO child VALUES (3, 7);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'child');
COMMIT;
PRAGMA foreign_keys = ON;
