BEGIN;
--migrate:allow( loses-rows ):they are read in again
-- migrate:  allow(resets-autoincrement)  :  nobody outside knows the ids
-- migrate: allow(deletes-child-rows): they too
DROP TABLE authors;
CREATE TABLE authors (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('004', 'loses_rows');
COMMIT;
