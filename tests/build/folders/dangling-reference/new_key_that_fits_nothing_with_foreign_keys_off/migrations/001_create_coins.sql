BEGIN;
CREATE TABLE coins (number BLOB, metal TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_coins');
COMMIT;
