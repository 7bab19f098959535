BEGIN;
CREATE TABLE "Houses" (id INTEGER PRIMARY KEY, street TEXT, number TEXT, town TEXT, owner TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_houses');
COMMIT;
