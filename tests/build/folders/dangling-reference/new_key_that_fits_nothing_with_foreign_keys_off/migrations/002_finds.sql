PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE finds (id INTEGER PRIMARY KEY, coin BLOB, FOREIGN KEY (coin) REFERENCES coins (number));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'finds');
COMMIT;
PRAGMA foreign_keys = ON;
