BEGIN;
CREATE TABLE orders_new (id INTEGER PRIMARY KEY, client INTEGER NOT NULL, note TEXT);
INSERT INTO orders_new (id, client) SELECT id, client FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_note');
COMMIT;
