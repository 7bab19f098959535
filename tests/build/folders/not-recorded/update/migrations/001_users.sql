BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
UPDATE schema_migrations SET name = 'users', version = '001';
COMMIT;
