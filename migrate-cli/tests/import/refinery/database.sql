PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'initial','2026-11-27T20:51:24.81769703Z','4004926856257561774');
INSERT INTO refinery_schema_history VALUES(2,'add_cars_and_motos','2026-11-27T20:51:24.817702579Z','11031344216377344457');
INSERT INTO refinery_schema_history VALUES(3,'rename_column','2026-11-27T20:51:24.817703169Z','1147842014670506034');
INSERT INTO refinery_schema_history VALUES(4,'add_view','2026-11-27T20:51:24.81770368Z','3876564733123162296');
CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE cars (id INTEGER PRIMARY KEY, brand TEXT);
CREATE TABLE motos (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW names AS SELECT name FROM persons UNION SELECT brand FROM cars;
COMMIT;
