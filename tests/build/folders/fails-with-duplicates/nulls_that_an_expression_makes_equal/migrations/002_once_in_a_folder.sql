BEGIN;
CREATE UNIQUE INDEX files_folder ON files (ifnull(folder, 0));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'once_in_a_folder');
COMMIT;
