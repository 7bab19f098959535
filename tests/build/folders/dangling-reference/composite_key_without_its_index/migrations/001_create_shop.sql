BEGIN;
CREATE TABLE orders (shop INTEGER, number INTEGER UNIQUE, note TEXT, PRIMARY KEY (shop, number));
CREATE TABLE lines (id INTEGER PRIMARY KEY, shop INTEGER, number INTEGER, FOREIGN KEY (shop, number) REFERENCES orders (shop, number));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_shop');
COMMIT;
