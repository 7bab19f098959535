BEGIN;
DELETE FROM contacts WHERE phone IS NULL;
CREATE TABLE contacts_new (id INTEGER PRIMARY KEY, phone TEXT NOT NULL, fax TEXT, CHECK (phone <> fax));
INSERT INTO contacts_new SELECT id, phone, fax FROM contacts;
DROP TABLE contacts;
ALTER TABLE contacts_new RENAME TO contacts;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'contacts_without_a_phone_are_deleted');
COMMIT;
