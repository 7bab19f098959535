BEGIN;
-- A comment added later.
CREATE TABLE users (
    id INTEGER PRIMARY KEY, -- and one here
    /* and one
       here */
    name TEXT
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_users');
COMMIT;
