BEGIN;
CREATE TABLE shops (name TEXT PRIMARY KEY, first_visit TEXT NOT NULL);
INSERT INTO shops (name, first_visit) SELECT DISTINCT shop, day FROM visits;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'shops');
COMMIT;
