BEGIN;
CREATE TABLE counter (runs INTEGER NOT NULL);
INSERT INTO counter VALUES (0);
INSERT INTO schema_migrations (version, name) VALUES ('010', 'count_runs');
COMMIT;
