BEGIN;
CREATE TABLE marks_new (pupil TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (pupil, subject));
INSERT INTO marks_new SELECT pupil, subject FROM marks;
DROP TABLE marks;
ALTER TABLE marks_new RENAME TO marks;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'by_a_primary_key');
COMMIT;
