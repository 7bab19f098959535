BEGIN;
CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('open', 'paid')), note TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_orders');
COMMIT;
