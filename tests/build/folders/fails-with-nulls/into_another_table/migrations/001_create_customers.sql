BEGIN;
CREATE TABLE customers (id INTEGER PRIMARY KEY, street TEXT, town TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_customers');
COMMIT;
