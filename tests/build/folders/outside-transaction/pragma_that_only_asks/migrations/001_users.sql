PRAGMA foreign_keys;
PRAGMA legacy_alter_table = 'maybe';
BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
PRAGMA main.foreign_keys(offf);
