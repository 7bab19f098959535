BEGIN;
CREATE TABLE b_new (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL);
INSERT INTO b_new (id, state) SELECT id, coalesce(state, '') FROM b;
DROP TABLE b;
ALTER TABLE b_new RENAME TO b;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'with');
COMMIT;
