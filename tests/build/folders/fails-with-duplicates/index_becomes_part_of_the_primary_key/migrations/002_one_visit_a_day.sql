BEGIN;
CREATE TABLE visits_new (patient TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (patient, day)) WITHOUT ROWID;
INSERT INTO visits_new (patient, day) SELECT patient, day FROM visits;
DROP TABLE visits;
ALTER TABLE visits_new RENAME TO visits;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'one_visit_a_day');
COMMIT;
