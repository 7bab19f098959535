BEGIN;
CREATE TABLE products_new (id INTEGER PRIMARY KEY, price INTEGER NOT NULL, weight INTEGER);
INSERT INTO products_new (id, price) SELECT id, price FROM products;
DROP TABLE products;
ALTER TABLE products_new RENAME TO products;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_weight');
COMMIT;
