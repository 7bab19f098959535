BEGIN;
INSERT INTO loans (reader) SELECT number FROM slips;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'loans_from_slips');
COMMIT;
