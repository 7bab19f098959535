BEGIN;
CREATE TABLE marks (id INTEGER PRIMARY KEY, pupil TEXT NOT NULL, subject TEXT NOT NULL);
CREATE UNIQUE INDEX marks_unique ON marks (pupil, subject);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_marks');
COMMIT;
