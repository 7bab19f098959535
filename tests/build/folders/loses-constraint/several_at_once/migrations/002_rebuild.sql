PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE bookings_new (id INTEGER PRIMARY KEY, hall INTEGER NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'late')));
INSERT INTO bookings_new (id, hall, starts, ends, state) SELECT id, hall, starts, ends, state FROM bookings;
DROP TABLE bookings;
ALTER TABLE bookings_new RENAME TO bookings;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
PRAGMA foreign_keys = ON;
