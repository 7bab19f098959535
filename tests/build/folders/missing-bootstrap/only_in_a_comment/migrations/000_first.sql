-- The first file.
BEGIN;
-- CREATE TABLE schema_migrations (version TEXT PRIMARY KEY);
CREATE TABLE a (b);
-- INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
