BEGIN;
CREATE TABLE pictures (path TEXT PRIMARY KEY);
INSERT INTO pictures (path) SELECT front FROM albums;
INSERT INTO pictures (path) SELECT back FROM albums;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'pictures');
COMMIT;
