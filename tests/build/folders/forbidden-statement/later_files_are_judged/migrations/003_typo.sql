BEGIN;
INSERT INTO usres (id) VALUES (1);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'typo');
COMMIT;
