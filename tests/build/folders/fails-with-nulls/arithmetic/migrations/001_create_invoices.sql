BEGIN;
CREATE TABLE invoices (id INTEGER PRIMARY KEY, net INTEGER NOT NULL, tax INTEGER, total INTEGER NOT NULL DEFAULT 0);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_invoices');
COMMIT;
