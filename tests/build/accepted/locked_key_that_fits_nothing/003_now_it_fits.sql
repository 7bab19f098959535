PRAGMA foreign_keys = OFF;
BEGIN;
DELETE FROM coins WHERE rowid NOT IN (SELECT min(rowid) FROM coins GROUP BY number);
CREATE UNIQUE INDEX coins_number ON coins (number);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'now_it_fits');
COMMIT;
PRAGMA foreign_keys = ON;
