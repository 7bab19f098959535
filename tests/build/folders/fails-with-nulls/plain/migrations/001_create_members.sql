BEGIN;
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_members');
COMMIT;
