BEGIN;
CREATE TABLE people (
    id TEXT PRIMARY KEY DEFAULT (new_id()),
    name TEXT NOT NULL COLLATE unicase,
    plain TEXT GENERATED ALWAYS AS (normalize(name, 1)) STORED
);
CREATE INDEX by_name ON people (name, normalize(name, 2));
INSERT INTO people (name) VALUES ('Ann'), ('BOB');
SELECT join_all('a', 'b', 'c');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'own');
COMMIT;
