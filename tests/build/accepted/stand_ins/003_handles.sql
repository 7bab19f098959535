BEGIN;
CREATE TABLE handles (handle TEXT NOT NULL UNIQUE);
INSERT INTO handles (handle) SELECT normalize(name, 1) FROM people;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'handles');
COMMIT;
