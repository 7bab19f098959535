BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TEMP TABLE history (version, name);
INSERT INTO history VALUES ('001', 'users');
DROP TABLE history;
COMMIT;
