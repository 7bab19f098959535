PRAGMA foreign_keys = OFF;
BEGIN;
ALTER TABLE books ADD COLUMN author INTEGER NOT NULL DEFAULT 0 REFERENCES authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_author');
COMMIT;
PRAGMA foreign_keys = ON;
