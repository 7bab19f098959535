-- A shop: keys, checks, defaults, generated columns.
BEGIN;
CREATE TABLE customer (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name  TEXT NOT NULL DEFAULT ''
);
CREATE TABLE product (
    code  TEXT PRIMARY KEY CHECK (length(code) = 4),
    price INTEGER NOT NULL CHECK (price >= 0),
    gross INTEGER AS (price * 119 / 100) STORED
) STRICT, WITHOUT ROWID;
CREATE TABLE sale (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    code        TEXT NOT NULL REFERENCES product (code) ON UPDATE CASCADE,
    amount      INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX sale_customer ON sale (customer_id, code DESC) WHERE amount > 0;
CREATE UNIQUE INDEX customer_name ON customer (lower(name), id);
INSERT INTO customer (email, name) VALUES ('a@example.com', 'Ada; "the first"'), ('b@example.com', 'Bö''b');
INSERT INTO product (code, price) VALUES ('aaaa', 100), ('bbbb', 250);
INSERT INTO sale (customer_id, code, amount) VALUES (1, 'aaaa', 2), (2, 'bbbb', 1), (1, 'bbbb', 0);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_shop');
COMMIT;
