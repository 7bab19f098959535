BEGIN;
CREATE TABLE pages (id INTEGER PRIMARY KEY, title TEXT);
INSERT INTO pages VALUES (1, 'first');
INSERT INTO schema_migrations (version, name) VALUES ('010', 'another_index');
COMMIT;
