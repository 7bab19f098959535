BEGIN;
CREATE TABLE boats (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
ALTER TABLE boats ADD COLUMN length REAL; -- in metres
ALTER TABLE boats ADD COLUMN draught REAL /* in metres */;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_boats');
COMMIT;
