BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM a;
DROP VIEW v;
DROP TABLE a;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'and_without');
COMMIT;
