BEGIN;
CREATE TABLE docs_new (id INTEGER PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body)), at TEXT NOT NULL CHECK (julianday(at) IS NOT NULL), day TEXT NOT NULL CHECK (day = date(day)), unix INTEGER NOT NULL);
INSERT INTO docs_new (id, body, at, day, unix) SELECT id, body, at, coalesce(date(day), date(at)), coalesce(unix, unixepoch(at)) FROM docs;
DROP TABLE docs;
ALTER TABLE docs_new RENAME TO docs;
INSERT INTO schema_migrations (version, name) VALUES ('013', 'rebuild_with_checks');
COMMIT;
