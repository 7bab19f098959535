BEGIN;
CREATE TABLE contacts (id INTEGER PRIMARY KEY, phone TEXT, fax TEXT, CHECK (phone IS NOT NULL OR fax IS NOT NULL));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_contacts');
COMMIT;
