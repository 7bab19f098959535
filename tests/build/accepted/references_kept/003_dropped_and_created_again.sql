BEGIN;
DROP VIEW names;
DROP TRIGGER books_inserted;
ALTER TABLE authors ADD COLUMN born TEXT;
CREATE VIEW names AS SELECT name, born FROM authors;
CREATE TRIGGER books_inserted AFTER INSERT ON books BEGIN INSERT INTO authors (name) VALUES (new.title); END;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'dropped_and_created_again');
COMMIT;
