BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('open', 'paid')), note TEXT NOT NULL);
INSERT INTO new (id, state, note) SELECT id, state, note FROM orders;
DROP TABLE orders;
ALTER TABLE new RENAME TO orders;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_notes');
COMMIT;
