BEGIN;
CREATE TABLE pets_new (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, legs INTEGER NOT NULL);
INSERT INTO pets_new (id, kind, legs) SELECT pets.id, pets.kind, kinds.legs FROM pets JOIN kinds ON kinds.name = pets.kind;
DROP TABLE pets;
ALTER TABLE pets_new RENAME TO pets;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'legs');
COMMIT;
