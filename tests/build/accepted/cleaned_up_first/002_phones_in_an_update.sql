BEGIN;
UPDATE members SET phone = 'none' WHERE phone IS NULL;
CREATE TABLE members_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, card TEXT);
INSERT INTO members_new (id, name, phone, card) SELECT id, name, phone, card FROM members;
DROP TABLE members;
ALTER TABLE members_new RENAME TO members;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'phones_in_an_update');
COMMIT;
