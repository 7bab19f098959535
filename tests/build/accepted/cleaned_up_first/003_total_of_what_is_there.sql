BEGIN;
UPDATE invoices SET total = net + coalesce(tax, 0);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'total_of_what_is_there');
COMMIT;
