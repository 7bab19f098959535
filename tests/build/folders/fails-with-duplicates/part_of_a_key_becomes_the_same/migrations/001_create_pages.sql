BEGIN;
CREATE TABLE pages (id INTEGER PRIMARY KEY, site TEXT NOT NULL, path TEXT NOT NULL, UNIQUE (site, path));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_pages');
COMMIT;
