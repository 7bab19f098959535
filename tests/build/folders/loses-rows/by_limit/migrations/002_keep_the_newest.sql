BEGIN;
CREATE TABLE searches_new (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
INSERT INTO searches_new (id, words) SELECT id, words FROM searches ORDER BY id DESC LIMIT 1;
DROP TABLE searches;
ALTER TABLE searches_new RENAME TO searches;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'keep_the_newest');
COMMIT;
