BEGIN;
PRAGMA main.writable_schema = ON;
PRAGMA recursive_triggers = 1;
  PRAGMA
    synchronous(OFF);
PRAGMA table_info(users);
PRAGMA user_versoin = 3;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
