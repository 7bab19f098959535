BEGIN;
CREATE TABLE "order" (shop INTEGER, number INTEGER, note TEXT, PRIMARY KEY (shop, number));
CREATE TABLE products (code TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID;
CREATE TABLE "order line" (
    id INTEGER PRIMARY KEY,
    shop INTEGER, "order no" INTEGER, product TEXT REFERENCES products ON UPDATE CASCADE ON DELETE SET NULL,
    FOREIGN KEY (shop, "order no") REFERENCES "order" (shop, number) ON DELETE SET NULL
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_shop');
COMMIT;
