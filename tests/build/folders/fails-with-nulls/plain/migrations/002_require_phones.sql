BEGIN;
CREATE TABLE members_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL);
INSERT INTO members_new (id, name, phone) SELECT id, name, phone FROM members;
DROP TABLE members;
ALTER TABLE members_new RENAME TO members;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_phones');
COMMIT;
