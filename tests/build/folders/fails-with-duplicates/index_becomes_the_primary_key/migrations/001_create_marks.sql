BEGIN;
CREATE TABLE marks (id INTEGER PRIMARY KEY, pupil TEXT NOT NULL, subject TEXT NOT NULL);
CREATE INDEX marks_pupil_subject ON marks (pupil, subject);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_marks');
COMMIT;
