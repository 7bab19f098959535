BEGIN;
CREATE TABLE products (id INTEGER PRIMARY KEY, price INTEGER NOT NULL CHECK (price >= 0));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_products');
COMMIT;
