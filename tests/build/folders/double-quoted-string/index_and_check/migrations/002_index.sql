BEGIN;
CREATE INDEX users_nane ON users ("nane");
INSERT INTO schema_migrations (version, name) VALUES ('002', 'index');
COMMIT;
