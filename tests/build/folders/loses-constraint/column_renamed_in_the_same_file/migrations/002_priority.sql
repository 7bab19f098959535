BEGIN;
CREATE TABLE jobs_new (id INTEGER PRIMARY KEY, prio INTEGER NOT NULL, key TEXT NOT NULL);
INSERT INTO jobs_new (id, prio, key) SELECT id, prio, key FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
ALTER TABLE jobs RENAME COLUMN prio TO priority;
ALTER TABLE jobs RENAME COLUMN key TO name;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'priority');
COMMIT;
