BEGIN;
CREATE UNIQUE INDEX films_title ON films (title); -- migrate: allow(fails-with-duplicates): no two have the same title
INSERT INTO schema_migrations (version, name) VALUES ('012', 'fails_with_duplicates');
COMMIT;
