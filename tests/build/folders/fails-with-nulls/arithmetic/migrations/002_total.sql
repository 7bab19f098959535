BEGIN;
UPDATE invoices SET total = net + tax;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'total');
COMMIT;
