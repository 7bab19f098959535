BEGIN;
ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
INSERT INTO jobs_migrations (version, name) VALUES ('002', 'add_attempts_to_jobs');
COMMIT;
