BEGIN;
CREATE TABLE atlas (country INTEGER NOT NULL REFERENCES countries, capital INTEGER NOT NULL REFERENCES capitals);
INSERT INTO atlas SELECT id, capital FROM countries;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'copy_it');
COMMIT;
