BEGIN;
CREATE TABLE marks_new (pupil TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (pupil, subject));
INSERT INTO marks_new (pupil, subject) SELECT pupil, subject FROM marks;
DROP TABLE marks;
ALTER TABLE marks_new RENAME TO marks;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'one_mark_for_each_subject');
COMMIT;
