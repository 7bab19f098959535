BEGIN;
CREATE TABLE notes (body TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'something_else');
COMMIT;
