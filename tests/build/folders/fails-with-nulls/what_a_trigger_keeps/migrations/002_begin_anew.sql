BEGIN;
DELETE FROM members;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'begin_anew');
COMMIT;
