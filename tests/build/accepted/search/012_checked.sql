BEGIN;
DELETE FROM pages WHERE title = 'first';
INSERT INTO page_search (page_search, rank) VALUES ('integrity-check', 1);
INSERT INTO schema_migrations (version, name) VALUES ('012', 'checked');
COMMIT;
