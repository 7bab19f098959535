BEGIN;
CREATE TABLE addresses (customer INTEGER NOT NULL REFERENCES customers, street TEXT NOT NULL, town TEXT NOT NULL);
INSERT INTO addresses SELECT id, street, town FROM customers;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'addresses');
COMMIT;
