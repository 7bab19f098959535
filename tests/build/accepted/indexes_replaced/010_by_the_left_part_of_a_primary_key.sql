BEGIN;
DELETE FROM visits WHERE id NOT IN (SELECT min(id) FROM visits GROUP BY patient, day);
CREATE TABLE visits_new (patient TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (patient, day)) WITHOUT ROWID;
INSERT INTO visits_new SELECT patient, day FROM visits;
DROP TABLE visits;
ALTER TABLE visits_new RENAME TO visits;
INSERT INTO schema_migrations (version, name) VALUES ('010', 'by_the_left_part_of_a_primary_key');
COMMIT;
