BEGIN;
CREATE VIEW vb AS SELECT n FROM b;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'none');
COMMIT;
