BEGIN;
CREATE TABLE members_new (id INTEGER PRIMARY KEY, town INTEGER REFERENCES towns (id), club INTEGER REFERENCES clubs (id) ON DELETE CASCADE);
INSERT INTO members_new SELECT id, town, club FROM members;
DROP TABLE members;
ALTER TABLE members_new RENAME TO members;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild_members');
COMMIT;
