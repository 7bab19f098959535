PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE players_new (id INTEGER PRIMARY KEY, name TEXT, points INTEGER NOT NULL DEFAULT 0);
INSERT INTO players_new (id, name) SELECT id, name FROM players;
DROP TABLE players;
ALTER TABLE players_new RENAME TO players;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'names_may_be_missing');
COMMIT;
PRAGMA foreign_keys = ON;
