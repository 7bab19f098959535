BEGIN;
INSERT INTO b (state) SELECT state FROM a;
DROP TABLE a;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'merge');
COMMIT;
