BEGIN;
DROP TABLE dishes;
DROP TABLE portions;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop_menu');
COMMIT;
