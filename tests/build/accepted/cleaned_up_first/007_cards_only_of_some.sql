BEGIN;
CREATE TABLE cards (number TEXT PRIMARY KEY, member INTEGER NOT NULL);
INSERT OR IGNORE INTO cards (number, member) SELECT card, id FROM members WHERE card IS NOT NULL ORDER BY id;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'cards_only_of_some');
COMMIT;
