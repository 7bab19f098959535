BEGIN;
UPDATE pages SET site = 'main';
INSERT INTO schema_migrations (version, name) VALUES ('002', 'one_site');
COMMIT;
