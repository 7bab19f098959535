BEGIN;
CREATE TABLE rates (currency TEXT NOT NULL, day TEXT NOT NULL, rate REAL NOT NULL, PRIMARY KEY (currency, day)) WITHOUT ROWID;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_exchange_rates');
COMMIT;
