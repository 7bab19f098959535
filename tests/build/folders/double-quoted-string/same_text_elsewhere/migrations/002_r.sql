BEGIN;
UPDATE a SET state = 'state "x"' WHERE state = "x";
INSERT INTO schema_migrations (version, name) VALUES ('002', 'r');
COMMIT;
