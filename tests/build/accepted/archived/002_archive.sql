BEGIN;
ALTER TABLE a RENAME TO a_2023;
CREATE TABLE a (id INTEGER PRIMARY KEY, state TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'archive');
COMMIT;
