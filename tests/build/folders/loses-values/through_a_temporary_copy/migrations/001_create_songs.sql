BEGIN;
CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT, singer TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_songs');
COMMIT;
