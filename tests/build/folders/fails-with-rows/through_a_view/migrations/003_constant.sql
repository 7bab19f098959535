BEGIN;
INSERT INTO a (code) SELECT 'x' FROM vb;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'constant');
COMMIT;
