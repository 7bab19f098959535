BEGIN;
UPDATE sqlite_sequence SET seq = 100 WHERE name = 'notes';
INSERT INTO schema_migrations (version, name) VALUES ('003', 'start_at_a_hundred');
COMMIT;
