BEGIN;
CREATE TABLE visits (id INTEGER PRIMARY KEY, patient TEXT NOT NULL, day TEXT NOT NULL);
CREATE INDEX visits_patient ON visits (patient);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_visits');
COMMIT;
