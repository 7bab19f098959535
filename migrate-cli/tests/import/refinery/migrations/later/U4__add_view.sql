CREATE VIEW names AS SELECT name FROM persons UNION SELECT brand FROM cars
