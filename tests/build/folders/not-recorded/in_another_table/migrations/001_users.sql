BEGIN;
CREATE TABLE history (version TEXT PRIMARY KEY, name TEXT);
INSERT INTO history (version, name) VALUES ('001', 'users');
COMMIT;
