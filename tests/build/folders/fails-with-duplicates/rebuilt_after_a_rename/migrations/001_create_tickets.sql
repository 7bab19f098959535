BEGIN;
CREATE TABLE tickets (id TEXT PRIMARY KEY, barcode TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tickets');
COMMIT;
