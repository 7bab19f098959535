BEGIN;
CREATE TABLE pictures (path TEXT PRIMARY KEY);
INSERT INTO pictures SELECT front FROM albums WHERE front IS NOT NULL GROUP BY front;
INSERT INTO pictures SELECT DISTINCT back FROM albums WHERE back IS NOT NULL AND back NOT IN (SELECT path FROM pictures);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'pictures');
COMMIT;
