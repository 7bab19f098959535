BEGIN;
CREATE TABLE animals (id INTEGER PRIMARY KEY, kind TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_animals');
COMMIT;
