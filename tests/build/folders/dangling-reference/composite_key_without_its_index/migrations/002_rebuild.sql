PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE orders_new (shop INTEGER, number INTEGER, note TEXT, PRIMARY KEY (number));
INSERT INTO orders_new (shop, number, note) SELECT shop, number, note FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
PRAGMA foreign_keys = ON;
