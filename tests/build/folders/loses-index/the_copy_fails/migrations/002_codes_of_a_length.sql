BEGIN;
CREATE TABLE stamps_new (id INTEGER PRIMARY KEY, code TEXT NOT NULL CHECK (length(code) = 99));
INSERT INTO stamps_new SELECT id, code FROM stamps;
DROP TABLE stamps;
ALTER TABLE stamps_new RENAME TO stamps;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'codes_of_a_length');
COMMIT;
