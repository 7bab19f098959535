BEGIN;
CREATE TABLE checked_between_columns (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, starts TEXT NOT NULL, ends TEXT NOT NULL, CHECK ((a IS NULL) <> (b IS NULL)), CHECK (starts < ends));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
