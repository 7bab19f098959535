BEGIN;
UPDATE tasks SET done = 1;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'all_done');
COMMIT;
