BEGIN;
CREATE TABLE visits (id INTEGER PRIMARY KEY, shop TEXT NOT NULL, day TEXT NOT NULL, UNIQUE (shop, day));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_visits');
COMMIT;
