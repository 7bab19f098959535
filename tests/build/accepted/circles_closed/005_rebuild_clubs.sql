PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE clubs_new (id INTEGER PRIMARY KEY, chair INTEGER REFERENCES members (id) ON DELETE SET NULL);
INSERT INTO clubs_new SELECT id, chair FROM clubs;
DROP TABLE clubs;
ALTER TABLE clubs_new RENAME TO clubs;
INSERT INTO schema_migrations (version, name) VALUES ('005', 'rebuild_clubs');
COMMIT;
PRAGMA foreign_keys = ON;
