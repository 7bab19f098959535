BEGIN;
DROP VIEW names;
DROP TRIGGER books_inserted;
INSERT INTO schema_migrations (version, name) VALUES ('006', 'dropped_with_what_uses_it');
COMMIT;
