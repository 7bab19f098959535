BEGIN;
CREATE TABLE contacts_new (id INTEGER PRIMARY KEY, phone TEXT NOT NULL, fax TEXT, CHECK (phone <> fax));
INSERT INTO contacts_new (id, phone, fax) SELECT id, phone, fax FROM contacts;
DROP TABLE contacts;
ALTER TABLE contacts_new RENAME TO contacts;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'require_phones');
COMMIT;
