BEGIN;
CREATE TABLE jobs (
    id      INTEGER PRIMARY KEY,
    payload TEXT NOT NULL
);
INSERT INTO jobs_migrations (version, name) VALUES ('001', 'create_jobs');
COMMIT;
