BEGIN;
DROP TRIGGER notes_inserted;
DROP TRIGGER notes_deleted;
DROP TRIGGER notes_updated;
DROP TABLE search;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'search_is_dropped');
COMMIT;
