BEGIN;
CREATE TABLE cars_new (id INTEGER PRIMARY KEY, maker TEXT, model TEXT, colour TEXT);
INSERT INTO cars_new SELECT *, NULL FROM cars;
DROP TABLE cars;
ALTER TABLE cars_new RENAME TO cars;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_maker');
COMMIT;
