BEGIN;
CREATE TABLE referees_new (id INTEGER PRIMARY KEY, favourite INTEGER REFERENCES teams ON DELETE SET NULL);
INSERT INTO referees_new (id, favourite) SELECT id, favourite FROM referees;
DROP TABLE referees;
ALTER TABLE referees_new RENAME TO referees;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild_referees');
COMMIT;
