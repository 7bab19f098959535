BEGIN;
CREATE TABLE animals_new (id INTEGER PRIMARY KEY, kind TEXT NOT NULL DEFAULT none);
INSERT INTO animals_new (id, kind) SELECT id, coalesce(kind, 'none') FROM animals;
DROP TABLE animals;
ALTER TABLE animals_new RENAME TO animals;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_kinds');
COMMIT;
