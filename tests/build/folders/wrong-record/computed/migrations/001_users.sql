BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO schema_migrations
SELECT printf('%03d', max(version) + 2), 'users' FROM schema_migrations;
COMMIT;
