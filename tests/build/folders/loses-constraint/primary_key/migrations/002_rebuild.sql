BEGIN;
CREATE TABLE rates_new (currency TEXT NOT NULL, day TEXT NOT NULL, rate REAL NOT NULL, source TEXT);
CREATE INDEX rates_currency ON rates_new (currency, day);
INSERT INTO rates_new (currency, day, rate) SELECT currency, day, rate FROM rates;
DROP TABLE rates;
ALTER TABLE rates_new RENAME TO rates;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
