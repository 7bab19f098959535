BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE recipes (
    id       INTEGER PRIMARY KEY,
    title    TEXT NOT NULL UNIQUE,
    steps    TEXT,
    servings INTEGER NOT NULL DEFAULT 2 CHECK (servings > 0),
    author   INTEGER REFERENCES authors ON DELETE CASCADE,
    rating   INTEGER CHECK (rating BETWEEN 1 AND 99999)
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_recipes');
COMMIT;
