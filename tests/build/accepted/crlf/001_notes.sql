BEGIN;

CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL DEFAULT 'two
lines'
);
/* a comment
   of two lines */
INSERT INTO notes (body) VALUES ('one

two');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'notes');
COMMIT;