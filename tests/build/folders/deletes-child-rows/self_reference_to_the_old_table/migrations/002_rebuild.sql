BEGIN;
CREATE TABLE folders_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent INTEGER REFERENCES folders ON DELETE CASCADE);
INSERT INTO folders_new (id, name, parent) SELECT id, coalesce(name, ''), parent FROM folders;
DROP TABLE folders;
ALTER TABLE folders_new RENAME TO folders;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
