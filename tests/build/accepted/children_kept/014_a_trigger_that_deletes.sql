BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY, state TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER);
CREATE TRIGGER a_deleted AFTER DELETE ON a BEGIN DELETE FROM b WHERE a = old.id; END;
INSERT INTO schema_migrations (version, name) VALUES ('014', 'a_trigger_that_deletes');
COMMIT;
