BEGIN;
CREATE TABLE a_new (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO a_new (id, state) SELECT id, coalesce(state, '') FROM a;
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
CREATE TRIGGER a_deleted AFTER DELETE ON a BEGIN DELETE FROM b WHERE a = old.id; END;
INSERT INTO schema_migrations (version, name) VALUES ('015', 'no_trigger_fires_in_a_drop');
COMMIT;
