BEGIN;
DROP TABLE pupils;
DROP TABLE marks;
DROP TABLE "lost things";
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop_school');
COMMIT;
