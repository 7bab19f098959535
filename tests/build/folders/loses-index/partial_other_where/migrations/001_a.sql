BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT, s TEXT);
CREATE UNIQUE INDEX a_n ON a (n) WHERE s = 'open';
INSERT INTO schema_migrations (version, name) VALUES ('001', 'a');
COMMIT;
