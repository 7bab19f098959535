BEGIN;
CREATE TABLE letters_new (id INTEGER PRIMARY KEY);
INSERT INTO letters_new SELECT id FROM letters WHERE sent IS NULL;
DROP TABLE letters;
ALTER TABLE letters_new RENAME TO letters;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'without_sent');
COMMIT;
