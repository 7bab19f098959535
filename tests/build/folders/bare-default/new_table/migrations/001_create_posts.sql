BEGIN;
CREATE TABLE posts (
    id      INTEGER PRIMARY KEY,
    title   TEXT NOT NULL DEFAULT untitled,
    state   TEXT DEFAULT /* as the editor calls it */ Draft,
    slug    TEXT NOT NULL CONSTRAINT by_title DEFAULT title CHECK (length(slug) > 0),
    views   INTEGER NOT NULL DEFAULT 0,
    written TEXT NOT NULL DEFAULT now
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_posts');
COMMIT;
