BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (id INTEGER PRIMARY KEY);
INSERT INTO schema_migrations (version, name) VALUES ('010', 'two_tables');
COMMIT;
