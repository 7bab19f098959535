BEGIN;
CREATE TABLE seats_new (id INTEGER PRIMARY KEY, guest INTEGER NOT NULL REFERENCES guests);
INSERT INTO seats_new (id, guest) SELECT id, guest FROM seats;
DROP TABLE seats;
ALTER TABLE seats_new RENAME TO seats;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'every_seat_is_taken');
COMMIT;
