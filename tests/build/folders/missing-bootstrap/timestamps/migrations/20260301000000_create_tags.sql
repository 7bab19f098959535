BEGIN;
CREATE TABLE tags (id INTEGER PRIMARY KEY, label TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('20260301000000', 'create_tags');
COMMIT;
