BEGIN;
INSERT INTO usres (id) VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'typo');
COMMIT;
