BEGIN;
CREATE TABLE trains (id INTEGER PRIMARY KEY, departs TEXT, arrives TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_trains');
COMMIT;
